"""What is changing?"""

from frame import changing
from frame.opening import open_page

opened = open_page(__doc__)
unit, theme = changing.choose()
changes, quarters = changing.of(opened, unit, theme)
changing.lead(opened, changes)
changing.groups(opened, changes, quarters)
changing.table(changes, quarters)
