# Scanning a label.

scan-title = Scan a label
scan-lead = Hold the camera on the code of a label, or choose a photo of it. It is read on this device; the photo is not sent anywhere.
scan-photo = Photos of codes, taken now or before
scan-camera = Use the camera
scan-seen = What the camera sees
scan-nothing = No code was found in the picture. Take it from nearer, straight, and in good light.
scan-no-picture = This file is no picture that your browser can read.
scan-no-camera = The browser gives no camera. Choose a photo instead.
scan-elsewhere = Codes are not read here. Scan the label with the camera of your phone, which opens the page of the lot, or type the number under the code into the search box.
scan-elsewhere-number = Codes are not read here. Type the number under the code into the search box.
