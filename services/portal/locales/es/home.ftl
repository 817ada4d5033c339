# A draft: no native speaker has read it yet.

home-heading = ¿De dónde viene este oro, y quién lo dice?
home-lead = Busque un lote, una barra o una organización minera; vea cada firma que hay detrás; llévese una prueba que no depende de la palabra de nadie.
home-search-label = Busque cualquier cosa
home-search-hint = El número de un lote, una organización, un sitio, un precinto, un certificado, una barra, una declaración o una entrada del registro; o palabras de un nombre, en cualquier orden.
home-door-lots = Lotes
home-door-lots-why = Quién los tiene, dónde se extrajeron, por qué manos pasaron y si usted puede comprarlos.
home-door-organizations = Organizaciones
home-door-organizations-why = Hasta dónde han llegado las organizaciones mineras, quién lo dice y qué viene después.
home-door-verify = Verificar una prueba
home-door-verify-why = En su propio dispositivo, también sin red.
home-door-log = El registro
home-door-log-why = Cada declaración que entró, en su orden, bajo firmas de testigos.
home-door-submit = Informar y entregar
home-door-submit-why = Para organizaciones: firmado en su dispositivo, enviado cuando hay red.
