"""What was alleged, and what was assessed when?"""

from frame import grievance_lists, inquiries
from frame.opening import open_page
from warehouse import grievances

opened = open_page(__doc__)
rows = grievances.cases(opened.release, **grievance_lists.choose(opened.release))
grievance_lists.lead(opened, rows)
inquiries.show(opened, rows)
grievance_lists.table(rows)
grievance_lists.history(opened, rows)
