# A draft: no native speaker has read it yet.

label-title = Etiqueta del lote
label-lead = Imprima esta página y ate la etiqueta al lote. No lleva el nombre de nadie.
label-back = Volver al lote
label-code = Un código que dice { $code }
label-says = El código dice
