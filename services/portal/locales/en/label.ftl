# The page of a label.

label-title = Label for lot
label-lead = Print this page and tie the label to the lot. There is nobody’s name on it.
label-back = Back to the lot
label-code = A code that says { $code }
label-says = The code says
label-opens = The camera of a phone opens the page of the lot from it.
label-opens-nothing = The portal was not told its public address, so the code holds only the number of the lot: the camera of a phone opens no page from it. It is read on the page that follows, and the number can be typed into the search box.
