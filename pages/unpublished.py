"""What do unpublished records add?"""

from frame import unpublished
from frame.opening import open_page

unpublished.show(open_page(__doc__))
