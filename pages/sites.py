"""What is known of this site?"""

from frame import site_choice, site_pages
from frame.opening import open_page

opened = open_page(__doc__)
site_pages.show(opened, site_choice.choose(opened))
