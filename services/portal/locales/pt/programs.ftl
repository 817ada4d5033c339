# A página do que os programas podem perguntar. Rascunho: nenhum falante nativo o leu ainda.

programs-title = Para programas
programs-lead = Tudo o que estas páginas mostram também pode ser perguntado por programas, em JSON e sem chave. As provas também estão lá, para que ninguém tenha de acreditar nas respostas.
programs-description = Cada operação, o que recebe e o que responde estão descritos em OpenAPI 3.1:
programs-operations = O que se pode perguntar
programs-method = Método
programs-address = Endereço
programs-what = O que responde, em inglês
programs-link = Para quem escreve programas: o que se pode perguntar
