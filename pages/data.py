"""Where does this come from?"""

from frame import oversight, provenance
from frame.opening import open_page

opened = open_page(__doc__)
provenance.sources(opened)
provenance.rejected(opened)
provenance.matches(opened)
provenance.changes(opened)
oversight.report(opened)
oversight.use(opened)
provenance.citing(opened)
