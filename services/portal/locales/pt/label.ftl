# A draft: no native speaker has read it yet.

label-title = Etiqueta do lote
label-lead = Imprima esta página e ate a etiqueta ao lote. Não leva o nome de ninguém.
label-back = Voltar ao lote
label-code = Um código que diz { $code }
label-says = O código diz
