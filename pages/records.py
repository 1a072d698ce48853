"""What else is on record?"""

from frame import holdings
from frame.opening import open_page

opened = open_page(__doc__)
holdings.notes(opened)
holdings.table(opened, holdings.choose())
