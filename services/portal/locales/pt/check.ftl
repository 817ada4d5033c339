# A draft: no native speaker has read it yet.

check-dossier = Dossiê de um lote
check-faults = { $n ->
    [one] Há { $number } erro nesta política
   *[other] Há { $number } erros nesta política
}
check-line = Linha { $line }:
check-by-policy = Segundo a política
check-no-policy = Escolha uma política para ter uma resposta
check-no-policy-lead = Ainda não foi escolhida nenhuma política. Abaixo da escolha está o que conta com qualquer uma.
check-reasons = Motivos
check-no-reason = Nada fala contra.
check-share = { $share } do ouro
check-rests-on-nothing = não se apoia em nenhuma declaração: ninguém disse nada
check-rests-on = apoia-se em
check-reasons-left-out = { $n ->
    [one] Mais { $number } motivo está no arquivo.
   *[other] Mais { $number } motivos estão no arquivo.
}
check-checked = Verificado, e cumpre-se
check-checked-nothing = Nada.
check-origins-caption = Por local e por quem o declarou, a maior parte primeiro.
check-permit = Licença em cada declaração
check-permit-in-force = em vigor
check-permit-not-in-force = não estava em vigor
check-permit-none-recorded = não há nenhuma registrada
check-permit-not-known = não se sabe
check-left-out = { $n ->
    [one] Mais { $number } fato não foi visto
   *[other] Mais { $number } fatos não foram vistos
}
check-documents = Documentos nomeados
check-documents-lead = Uma declaração nomeia cada um deles. O que dizem não foi lido.
check-policy = A política
check-policy-digest = SHA-256 do seu texto:
check-policy-text = O seu texto
check-checkpoint = O registro
check-checkpoint-lead = O último estado do registro que foi assinado. Um aparelho verifica-o juntamente com a prova.
check-checkpoint-behind = Ainda não contém tudo aquilo em que esta resposta se apoia.
check-checkpoint-size = { $n ->
    [one] Ponto de controle de { $number } entrada
   *[other] Ponto de controle de { $number } entradas
}
check-checkpoint-away = O registro não responde neste momento, por isso não há aqui ponto de controle. A resposta não depende dele.
check-caveat = Aquilo em que isto se apoia foi declarado, assinado e verificado quanto à coerência. Não prova nenhuma origem, e não é um conselho.
check-take = Para levar
check-bundle-times = Baixá-la com os tempos de cada declaração
check-dossier-print = Dossiê para imprimir
check-dossier-json = Dossiê como arquivo
check-choose = Segundo que política?
check-change = Mudar a política
check-choose-lead = Uma política diz o que um comprador pede. Nenhuma destas é a norma de ninguém, e cumprir uma não é um certificado.
check-shipped = Uma das que vêm com esta página
check-button = Responder
check-own = Uma política própria
check-own-lead = É enviada para aqui para julgar por ela, e não é guardada. Para que não saia da sua máquina, use o programa veta.
check-own-file = Como arquivo
check-own-text = Ou como texto
outcome-eligible = Pode ser comprado
outcome-needs-a-person = Deve decidir uma pessoa
outcome-not-eligible = Não pode ser comprado
severity-of-reason-not-eligible = impede-o
severity-of-reason-needs-a-person = deve decidir uma pessoa
severity-of-reason-noted = anotado
policy-progressive = Progressiva
policy-progressive-why = fica com mineiros que melhoram; o que está atrasado, é duvidoso ou é só a palavra deles passa a uma pessoa.
policy-legal-title = Título legal
policy-legal-title-why = um título ou licença na mina, e nada que obrigue a parar logo o comércio; com a palavra de qualquer um, menos a da própria organização.
policy-strict = Estrita
policy-strict-why = título legal, tudo o que se pede visto por um avaliador independente no último ano, nada em aberto, nada assinalado. A maior parte do ouro artesanal não a cumpre.
judged-lot-state = Estado do lote
judged-holds = Retenções
judged-suspects = Chaves que assinaram
judged-origins = Quem contribuiu
judged-illustrative = Quantidades
judged-standing-then = Como estavam as organizações quando declararam
judged-standing-now = Como estão agora as organizações
judged-modules = Módulos
judged-assurance = Com a palavra de quem
judged-age = Idade das respostas
judged-contested = O que outros dizem das respostas
judged-scenarios = Legitimidade
judged-permit = Licença na mina
judged-countries = Países
judged-incidents = Incidentes
judged-plans = Planos
judged-flags = O que merece um segundo olhar
judged-custody-model = O que se promete sobre a mistura
judged-documents = Documentos
checked-lot-state = O lote ainda existe
checked-holds = Ninguém retém o lote nem aquilo de que foi feito
checked-suspects = De nenhuma chave que assinou se diz que esteve em outras mãos
checked-origins = Sabe-se quem contribuiu
checked-illustrative = Não consta que as suas quantidades sejam inventadas
checked-standing-then = Quando declararam, as organizações estavam como a política pede
checked-standing-now = As organizações estão como a política pede
checked-modules = Os módulos que a política pede estão cumpridos
checked-assurance = As respostas apoiam-se na palavra que a política pede, ou em uma melhor
checked-age = Nenhuma resposta é mais antiga do que a política permite
checked-contested = Nenhuma resposta é contestada
checked-scenarios = Em cada local aplica-se um caso de legitimidade que a política aceita
checked-permit = Em cada mina havia uma licença em vigor em cada declaração
checked-countries = Cada local está em um país que a política aceita
checked-incidents = Nenhum incidente em aberto dos que a política pergunta
checked-plans = Nenhum plano está atrasado
checked-flags = Nada merece um segundo olhar
checked-custody-model = Sobre a mistura promete-se pelo menos o que a política pede
checked-documents = Cada documento que a política pede é nomeado
document-delivery-slip = guia de entrega
document-transfer-document = documento da entrega
document-invoice = fatura
document-weight-record = registro de pesagem
document-assay-report = relatório de ensaio
document-seal-photo = foto do lacre
document-melt-sheet = folha de fundição
document-export-certificate = certificado de exportação
document-receiving-report = relatório de receção
reason-on-offer = O lote está oferecido a { $to }.
reason-consumed = Deste lote foram feitos outros: não pode ser comprado.
reason-retired = O lote saiu do sistema: não pode ser comprado.
reason-lost = O lote perdeu-se: não pode ser comprado.
reason-held = O lote está retido: { $reason }
reason-held-before = Está retido um lote de que foi feito: { $reason }
reason-key-in-other-hands = Diz-se que a chave que assinou uma declaração sobre ele estava então noutras mãos.
reason-origin-unknown = Nada diz onde o lote foi extraído.
reason-origin-of-part-unknown = Nada diz onde foi extraído { $part } do seu ouro.
reason-not-gathered = { $count ->
    [one] Mais { $count } fato sobre o lote não foi visto.
   *[other] Mais { $count } fatos sobre o lote não foram vistos.
}
reason-invented = As quantidades do lote são inventadas: tal ouro não tem de existir.
reason-flagged = { $count ->
    [0] Merece um segundo olhar: { $flag }.
    [1] Merece um segundo olhar: { $flag }.
   *[other] Merece um segundo olhar, { $count } vezes: { $flag }.
}
reason-custody-model-too-weak = Sobre a mistura promete-se: { $found }. Pede-se pelo menos: { $least }.
reason-document-missing = Nenhuma declaração nomeia um documento deste tipo: { $document }.
reason-standing-then-unknown = Não se sabe como estava { $organization } quando declarou.
reason-standing-now-unknown = Não se sabe como está agora { $organization }.
reason-standing-not-accepted = Em { $day }, segundo o que está registrado, { $organization } estava assim: { $found }. Aceita-se: { $accepted }.
reason-scheme-decided = Em { $day }, a última decisão do esquema sobre { $organization } era: { $found }.
reason-permit-not-in-force = A licença que cobre { $site } não estava em vigor em cada declaração.
reason-permit-not-recorded = Não está registrada nenhuma licença que cubra { $site }.
reason-permit-unknown = Não se sabe se uma licença cobre { $site }.
reason-country-unknown = Não se sabe em que país fica { $site }.
reason-country-denied = { $site } fica neste país, que a política recusa: { $country }.
reason-country-not-allowed = { $site } fica neste país: { $country }. Permite-se: { $allowed }.
reason-module-unknown = Não se sabe até onde chegou { $organization } no módulo { $module }.
reason-module-not-asked = Não se perguntou nada sobre { $organization } no módulo { $module }.
reason-module-not-answered = { $count ->
    [one] Do módulo { $module } ficou sem resposta { $count } pergunta sobre { $organization }.
   *[other] Do módulo { $module } ficaram sem resposta { $count } perguntas sobre { $organization }.
}
reason-module-silent = Ninguém disse nada no módulo { $module } sobre { $organization }.
reason-module-not-met = { $organization } não cumpre o módulo { $module }: { $criteria }
reason-assurance-too-weak = Do módulo { $module }, o que se diz de { $criterion } de { $organization } tem esta palavra: { $found }. Pede-se pelo menos: { $least }.
reason-answer-too-old = { $days ->
    [one] Do módulo { $module }, o que se diz de { $criterion } de { $organization } é de { $day }. Aceita-se: { $days } dia.
   *[other] Do módulo { $module }, o que se diz de { $criterion } de { $organization } é de { $day }. Aceitam-se: { $days } dias.
}
reason-answers-contested = { $count ->
    [one] Outros dizem que { $count } resposta sobre { $organization } não é assim.
   *[other] Outros dizem que { $count } respostas sobre { $organization } não são assim.
}
reason-scenario-unknown = Não se sabe que caso de legitimidade vale para { $site }, onde trabalha { $organization }.
reason-scenario-not-accepted = Para { $site }, onde trabalha { $organization }, vale: { $found }. Aceita-se: { $accepted }.
reason-incident-open = Está em aberto um incidente sobre { $organization }: { $category }, { $confidence }, { $severity }.
reason-incidents-not-gathered = { $count ->
    [one] Está em aberto mais { $count } incidente sobre { $organization }, que não foi visto.
   *[other] Estão em aberto mais { $count } incidentes sobre { $organization }, que não foram vistos.
}
reason-plans-overdue = { $count ->
    [one] { $count } plano de { $organization } está atrasado em { $day }.
   *[other] { $count } planos de { $organization } estão atrasados em { $day }.
}
policy-fault-too-long = A política tem mais de { $bytes } bytes: tire o que não for preciso.
policy-fault-malformed = Isto não tem a forma de uma política. O programa que a leu diz, em inglês:
policy-fault-version = A versão { $found } das políticas não é conhecida aqui: escreva version = { $known }.
policy-fault-nameless = name está vazio: escreva como se chama esta política.
policy-fault-word = { $field } tem { $found }, que não significa nada. Pode ser: { $known }.
policy-fault-empty = { $field } não nomeia nada: nomeie pelo menos um, ou tire-o.
policy-fault-repeated = { $field } tem { $found } duas vezes: escreva-o uma vez.
policy-fault-slug = { $field } tem { $found }, que não é um nome: escreva minúsculas, algarismos, pontos, hífenes ou sublinhados.
policy-fault-country = { $field } tem { $found }, que não é um país: escreva as suas duas maiúsculas, como CD.
policy-fault-country-twice = countries permite e recusa { $found }: faça uma das duas coisas.
policy-fault-module = modules.met tem { $found }, que ninguém pode cumprir: escreva 1, 2, 3 ou 4.
policy-fault-without-modules = { $field } pergunta por módulos, mas por quais? Escreva modules com met, ou tire-o.
policy-fault-flag-twice = flags tem { $found } em duas listas: deixe-o numa só.
policy-fault-share = ignore_below_ppm é { $found }, e o lote inteiro é 1000000: escreva menos, como 10000 para um centésimo.
policy-fault-asks-nothing = { $field } não pede nada: escreva o que deve pedir, ou tire-o.
