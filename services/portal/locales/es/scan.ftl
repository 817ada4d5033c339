# A draft: no native speaker has read it yet.

scan-title = Escanear una etiqueta
scan-lead = Ponga la cámara sobre el código de una etiqueta, o elija una foto de él. Se lee en este dispositivo; la foto no se envía a ninguna parte.
scan-photo = Fotos de códigos, tomadas ahora o antes
scan-camera = Usar la cámara
scan-seen = Lo que ve la cámara
scan-nothing = No se encontró ningún código en la imagen. Tómela de más cerca, de frente y con buena luz.
scan-no-picture = Este archivo no es una imagen que su navegador pueda leer.
scan-no-camera = El navegador no da ninguna cámara. Elija una foto.
scan-elsewhere = Aquí no se leen códigos. Escanee la etiqueta con la cámara de su teléfono, que abre la página del lote, o escriba el número que está bajo el código en el buscador.
scan-elsewhere-number = Aquí no se leen códigos. Escriba el número que está bajo el código en el buscador.
