# A draft: no native speaker has read it yet.

label-title = Etiqueta do lote
label-lead = Imprima esta página e ate a etiqueta ao lote. Não leva o nome de ninguém.
label-back = Voltar ao lote
label-code = Um código que diz { $code }
label-says = O código diz
label-opens = Com ele, a câmera de um telefone abre a página do lote.
label-opens-nothing = O portal não conhece o seu endereço público, por isso o código só contém o número do lote: a câmera de um telefone não abre nenhuma página com ele. Ele é lido na página a seguir, e o número pode ser digitado na busca.
