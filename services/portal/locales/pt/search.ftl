# A draft: no native speaker has read it yet.

search-title = Busca
search-for = Procurado:
search-empty = Nada foi digitado.
search-what = Pode-se procurar:
search-mistyped-lot = Parece o número de um lote, mas um caractere está errado: o último confere os outros. Compare com a etiqueta.
search-mistyped-organization = Parece o número de uma organização, mas um caractere está errado: o último confere os outros.
search-mistyped-site = Parece o número de um local, mas um caractere está errado: o último confere os outros.
search-statement = Tem a forma do identificador de uma declaração, e o registro não tem tal declaração.
search-log = Para o registro
search-record = A entrada deste número no registro:
search-by-seal = Lotes com este lacre, etiqueta ou amostra
search-by-melt = Lotes de uma fusão deste número
search-by-bar = Barras deste número
search-by-certificate = Lotes sob este certificado de exportação
search-organizations-called = Organizações com isto no nome
search-sites-called = Locais com isto no nome
search-all = Todos
search-nothing = Nada tem este número ou nome.
search-organizations = Organizações
search-lots = Lotes
