# A draft: no native speaker has read it yet.

label-title = Etiqueta del lote
label-lead = Imprima esta página y ate la etiqueta al lote. No lleva el nombre de nadie.
label-back = Volver al lote
label-code = Un código que dice { $code }
label-says = El código dice
label-opens = Con él, la cámara de un teléfono abre la página del lote.
label-opens-nothing = El portal no conoce su dirección pública, así que el código solo contiene el número del lote: la cámara de un teléfono no abre ninguna página con él. Se lee en la página que sigue, y el número se puede escribir en el buscador.
