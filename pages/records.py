"""What else is on record?"""

from frame import holdings
from frame.opening import open_page

holdings.show(open_page(__doc__))
