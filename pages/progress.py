"""What improves, and what would help?"""

from frame import balances, improving, needs
from frame.opening import open_page

opened = open_page(__doc__)
wanted = improving.choose(opened)
improving.board(opened, wanted)
improving.speed(opened, wanted)
balances.show(opened, wanted)
needs.show(opened, wanted)
