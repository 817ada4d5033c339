# A draft: no native speaker has read it yet.

search-title = Búsqueda
search-for = Se buscó
search-empty = No se escribió nada.
search-what = Se puede buscar:
search-mistyped-lot = Parece el número de un lote, pero un carácter está mal: el último comprueba los demás. Compárelo con la etiqueta.
search-mistyped-organization = Parece el número de una organización, pero un carácter está mal: el último comprueba los demás.
search-mistyped-site = Parece el número de un sitio, pero un carácter está mal: el último comprueba los demás.
search-statement = Tiene la forma del identificador de una declaración, y el registro no tiene tal declaración.
search-log = Al registro
search-record = La entrada con este número en el registro:
search-by-seal = Lotes con este precinto, etiqueta o muestra
search-by-melt = Lotes de una fundición con este número
search-by-bar = Barras con este número
search-by-certificate = Lotes con este certificado de exportación
search-organizations-called = Organizaciones que llevan esto en su nombre
search-sites-called = Sitios que llevan esto en su nombre
search-all = Todos
search-nothing = Nada lleva este número o nombre.
search-organizations = Organizaciones
search-lots = Lotes
