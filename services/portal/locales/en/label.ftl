# The page of a label.

label-title = Label for lot
label-lead = Print this page and tie the label to the lot. There is nobody’s name on it.
label-back = Back to the lot
label-code = A code that says { $code }
label-says = The code says
