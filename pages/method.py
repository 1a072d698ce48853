"""How is this computed?"""

from frame import method_tables, method_texts
from frame.opening import open_page

opened = open_page(__doc__)
method_texts.lead(opened)
method_tables.words(opened)
method_tables.beside_others(opened)
method_tables.power(opened)
method_texts.limits(opened)
method_tables.calibration(opened)
method_texts.formulas()
method_tables.constants()
method_tables.runs(opened)
method_texts.origins()
