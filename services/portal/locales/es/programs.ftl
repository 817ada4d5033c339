# La página de lo que pueden preguntar los programas. Borrador: ningún hablante nativo lo ha leído todavía.

programs-title = Para programas
programs-lead = Todo lo que muestran estas páginas también pueden preguntarlo los programas, como JSON y sin clave. También están las pruebas, para que nadie tenga que creer las respuestas.
programs-description = Cada operación, lo que recibe y lo que responde están descritos en OpenAPI 3.1:
programs-operations = Lo que se puede preguntar
programs-method = Método
programs-address = Dirección
programs-what = Lo que responde, en inglés
programs-link = Para quien escribe programas: lo que se puede preguntar
