"""Where does this come from?"""

from frame import provenance
from frame.opening import open_page

opened = open_page(__doc__)
provenance.sources(opened)
provenance.rejected(opened)
provenance.matches(opened)
provenance.changes(opened)
provenance.citing(opened)
