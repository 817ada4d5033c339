# A draft: no native speaker has read it yet.

log-title = O registro público
log-lead = Cada declaração que entrou no registro, em ordem. Nada pode ser mudado nem retirado sem que se perceba. O que é recusado na entrega não entra nele; o que entrou por outra via e descumpre as regras aparece aqui como recusado.
log-read-only = Por enquanto nada novo é assinado. O que foi publicado permanece.
log-checkpoint = Ponto de controle atual
log-checkpoint-then = O primeiro ponto de controle que o cobre
log-no-checkpoint = Ainda não foi publicado nenhum ponto de controle.
log-origin = Nome do registro
log-size = Entradas
log-root = Raiz
log-as-of = Testemunhas suficientes haviam assinado em
log-vkey = Chave do registro
log-vkey-why = Confie nesta chave só se ela também chegou a você por outra via: por carta, de um parceiro, impressa.
log-raw = O ponto de controle como foi assinado
log-all-checkpoints = Todos os pontos de controle publicados
log-policy = A política do operador: sua chave e suas testemunhas
log-witnesses = Testemunhas
log-witnesses-why = Outros deveriam operá-las, e esta página não pode saber se é assim: veja quem é cada uma. Cada uma assina o registro só se ele cresceu e nada nele mudou; uma que audita também decide de novo cada declaração.
log-no-witnesses = Ninguém além do próprio registro assinou este ponto de controle.
log-witness-name = Testemunha
log-witness-does = O que verifica
log-witness-state = Assinatura
log-witness-when = Quando
log-witness-audits = decide de novo cada declaração
log-witness-grows = que o registro só cresce
log-witness-unknown = não consta na política do operador
log-state-cosigned = assinou
log-state-missing = não assinou
log-state-broken = assinatura inválida
log-state-unknown = não verificada aqui
log-entries = Entradas mais recentes
log-entries-caption = As mais recentes primeiro; o número leva ao que foi assinado.
log-no-entries = Não há nada aqui.
log-entry = Número
log-entry-what = O que foi dito
log-entry-who = Quem
log-entry-when = Admitida
log-entry-verdict = Veredito
log-entry-nothing = não é declaração de ninguém
log-admitted = admitida
log-refused = recusada
log-replay = Verifique tudo você mesmo
log-replay-why = Este comando lê todo o registro, decide de novo cada declaração e compara o final com o que foi assinado.
log-replay-policy = A política diz em que registro e em que testemunhas você confia. Um leitor cuidadoso escreve a própria.
entry-title = Entrada #{ $position }
entry-numbers = O número { $position } conta a partir de 1: é o das páginas, das buscas e das citações. O índice { $index } conta a partir de 0: é o do endereço desta página, dos blocos e das provas.
entry-refused = pela regra { $number }
entry-refused-why = Não mudou nada. Fica no registro para que todos vejam que foi tentado.
entry-who = Quem assinou, e quando
entry-by = Em nome de
entry-stated = Dita em, pelo relógio de quem assinou
entry-admitted = Admitida em
entry-key = Chave de assinatura
entry-number = Número entre as declarações desta chave
entry-id = Identificador da declaração
entry-checked = A assinatura foi verificada ao fazer esta página, sobre exatamente os bytes abaixo.
entry-nothing = Nenhuma assinatura vale para o que está aqui. Só os bytes podem ser mostrados.
entry-when = Quando chegou
entry-after = Chegou depois de
entry-after-unknown = Nenhum ponto de controle anterior diz depois de quando chegou.
entry-before = Chegou antes de
entry-before-unknown = Nenhum ponto de controle diz antes de quando chegou.
entry-when-why = Pelos relógios das testemunhas, não pelo de quem assinou nem de quem opera isto.
entry-proof = Prova de que está no registro
entry-proof-holds = válida
entry-proof-fails = inválida
entry-proof-why = Estes resumos levam desta entrada à raiz que o registro assinou. Leve o arquivo para verificar em outro lugar.
entry-proof-file = Prova como arquivo (tlog-proof)
entry-index = Índice da entrada #{ $position }, a partir de 0
entry-tree-size = Tamanho da árvore
entry-leaf-hash = Resumo desta folha
entry-prev = Resumo da folha anterior
entry-map-root = Raiz do mapa depois dela
entry-hashes = { $n ->
    [one] { $number } resumo
   *[other] { $number } resumos
    }
entry-raw = { $n ->
    [one] { $number } byte bruto
   *[other] { $number } bytes brutos, em hexadecimal
    }
entry-previous = Entrada anterior
entry-next = Entrada seguinte
checkpoints-title = Pontos de controle publicados
checkpoints-lead = Cada um é um estado assinado do registro. Compare um com o que você guardou, ou com o que foi mostrado a outro.
checkpoints-size = { $n ->
    [one] { $number } entrada
   *[other] { $number } entradas
    }
checkpoints-first = Assinado por testemunhas suficientes em
checkpoints-last = pela última vez em
checkpoints-not-cosigned = Não assinado por testemunhas suficientes da política do operador
checkpoints-note = Como foi publicado primeiro
checkpoints-freshest = Como foi assinado por último
ago-now = há menos de um minuto
ago-minutes = { $n ->
    [one] há { $number } minuto
   *[other] há { $number } minutos
    }
ago-hours = { $n ->
    [one] há { $number } hora
   *[other] há { $number } horas
    }
ago-days = { $n ->
    [one] há { $number } dia
   *[other] há { $number } dias
    }
