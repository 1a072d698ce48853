"""Forms for the field: an XLSForm made from a framework, and its submissions read back."""
