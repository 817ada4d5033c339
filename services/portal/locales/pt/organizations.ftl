# A draft: no native speaker has read it yet.

given-level = nível { $level } de { $max }
given-not-applicable = não se aplica: { $why }
answer-contradicts = Outra resposta sobre o mesmo dia:
answer-contested-by = Contestada por
answer-confirmed-by = Confirmada por
answer-withdrawn-by = Retirada por
answer-older = Antes:
answer-contested = contestada
answer-contradicted = contradita
sources = Fontes
evidence = Provas, pela sua impressão digital:
and-more =
    { $n ->
        [one] e mais { $number }
       *[other] e mais { $number }
    }
assurance-heading = Palavra de quem, e de quando
assurance-title = As respostas presentes apoiam-se em
assurance-confirmed = confirmadas por outros
assurance-contested = contestadas por outros
freshness-title = Idade das provas
freshness-newest = a mais nova
freshness-oldest = a mais antiga
module-1 = Módulo 1: quem e onde
module-2 = Módulo 2: legitimidade
module-3 = Módulo 3: abusos que encerram o comércio de imediato
module-4 = Módulo 4: riscos a corrigir a tempo
module-5 = Módulo 5: melhoria, nível por nível
map-about = Cada marca está no meio de um quadrado de cerca de 11 km; aqui não se sabe nada mais preciso. Contornos: Natural Earth.
others-title = O que outros viram com outro fim
others-note = Não decide nada. O que não foi visto não fala a favor de nada: ninguém o viu nesse dia.
others-against = fala contra
others-context = ajuda a julgar
band-unknown = ninguém disse quanto pode dar

# The page of all organizations.
orgs-title = Organizações
orgs-lead = Quem extrai, processa, comercia, refina, compra e verifica: até onde cada um chegou, e segundo quem.
orgs-filter-title = Mostrar só algumas, ou em outra ordem
orgs-any = Qualquer
orgs-name = Parte do nome
orgs-kind = O que faz
orgs-country = País (duas letras)
orgs-area = Zona de um local
orgs-standing = Situação
orgs-decided = Decidido pelo esquema
orgs-scenario = Legitimidade
orgs-modules = Módulos cumpridos
orgs-incidents = Incidentes
orgs-incidents-open = há abertos
orgs-incidents-grave = um que obriga a parar o comércio
orgs-incidents-none-open = nenhum aberto
orgs-freshness = Resposta mais nova
orgs-overdue = Plano atrasado
orgs-overdue-yes = sim
orgs-overdue-no = não
orgs-level = { $pillar }: pelo menos nível
orgs-sort = Ordem
orgs-sort-enrolled = como foram inscritas
orgs-sort-name = por nome
orgs-sort-standing = por situação
orgs-sort-since = por desde quando vale a situação
orgs-sort-changed = pela última mudança
orgs-sort-freshness = pela resposta mais nova
orgs-sort-next-due = pelo que vence primeiro
orgs-descending = Ao contrário
orgs-button = Mostrar
orgs-all = Mostrar todas as organizações
orgs-none = Nenhuma organização corresponde.
orgs-none-here = Nenhuma das organizações vistas até aqui corresponde. Continue na página seguinte.
orgs-map = Mapa de onde extraem as organizações desta página; os números são os da lista abaixo
orgs-caption = Organizações, com a sua situação
orgs-number = N.º
orgs-organization = Organização
orgs-plans = Próximo prazo
orgs-newest = Resposta mais nova
orgs-sites = Locais
orgs-grave =
    { $n ->
        [one] { $number } grave
       *[other] { $number } graves
    }
orgs-open =
    { $n ->
        [one] { $number } aberto
       *[other] { $number } abertos
    }

# The page of one organization.
org-enrolled = inscrita:
org-computed = Como se segue do registro
org-since = desde
org-by-time = só pela passagem do tempo
org-nothing-decided = nada até agora
org-differs = O esquema decidiu outra coisa que o que se segue do registro. Mostram-se ambas.
org-causes = Está suspensa porque:
org-report = Último relatório
org-report-lapses = sem outro, a sua situação caduca depois de
org-report-digest = impressão digital do resumo
org-no-report = nenhum até agora
org-next-change = Pode mudar só pelo tempo em
org-gates = Portas
org-gates-note = O que deve cumprir-se antes de o resto contar. Pelos critérios
org-gates-caption = Quantos critérios de cada módulo estão até onde
org-gate = Módulo
org-state = Estado
org-no-gates = Ainda não foi publicado nenhum catálogo com portas.
org-next = O que falta a seguir
org-nothing-next = Não falta nada.
org-otherwise = Enquanto não for feito:
org-due = até
org-due-at-first = no início
org-module = módulo { $module }
org-levels = Níveis de melhoria:
org-at-level = nível { $level }: { $number }
org-without-level = sem dados: { $number }
org-no-pillar = Outros critérios
org-elsewhere = Respostas por outros catálogos
org-elsewhere-note = Não mudam a situação.
org-earlier = { $n ->
    [one] { $number } resposta anterior
   *[other] { $number } respostas anteriores
}
org-plans = Planos
org-plan = Plano
org-no-plans = Nenhum plano foi adotado.
org-overdue = atrasado
org-open = aberto
org-not-reported = ninguém informou sobre isso
org-incidents = Incidentes
org-incident = Incidente
org-no-incidents = Não consta nenhum incidente. Pode ser que ninguém o tenha comunicado.
org-grave = o comércio deve parar
org-more = Há mais do que consta aqui.
org-all-plans = Todos os planos
org-all-incidents = Todos os incidentes
org-all-answers = Cada resposta dada sobre a própria organização
org-all-sites = Todos os seus locais
org-newest-first = o mais recente primeiro
org-indicators = Medido ao longo do tempo
org-over-time = Os valores abaixo como linha, do primeiro dia ao último
org-sites = Locais
org-sites-caption = Locais que explora, com o que deram ao lado do que podem dar
org-no-sites = Não explora nenhum local.
org-map = Mapa dos seus locais; os números são os da lista abaixo
org-onward = Ver mais
org-lots = Lotes que tem
org-compare = Compará-la com outra, ou consigo mesma em outra data

# The page that compares.
compare-title = Comparar organizações
compare-lead = Duas organizações, ou uma em duas datas, critério por critério. Cada uma com todos os seus locais: tão boa como o pior deles.
compare-a = Uma
compare-at1 = à data de
compare-b = A outra (vazio: a mesma)
compare-at2 = à data de
compare-button = Comparar
compare-caption = O que consta em cada lado, e como é o direito visto do esquerdo
compare-criterion = Critério
compare-left = Esquerda
compare-right = Direita
compare-trend = A direita está

# The page of a site.
place-site = Local
place-operator = Explorado por
place-where = Onde
place-no-cell = não está no mapa: ninguém disse onde
place-deposit = Como está o ouro
place-registered = Registrado pela entrada
place-map = Mapa com este local
place-lots = Lotes extraídos aqui
place-found = O que foi encontrado aqui
place-found-note = Cada resposta fala do seu dia. O que nunca foi perguntado não está aqui; não é um “não”.
place-all-answers = Cada resposta dada sobre este local
place-permits = Licenças
place-checked = consultada no seu registro em
place-unchecked = ninguém a consultou no seu registro
place-production = Ouro por mês, ao lado do que o local pode dar
place-production-note = Como parte, em palavras: as quantidades são assunto de quem concernem. As quantidades declaradas podem ser inventadas para uma demonstração; a página de cada lote o diz.
place-capacity =
    { $n ->
        [one] O que pode dar em { $number } mês foi estabelecido por
       *[other] O que pode dar em { $number } meses foi estabelecido por
    }
place-no-capacity = Ninguém disse quanto pode dar.
place-no-months = Nenhum lote foi declarado daqui.
place-month = Mês
place-band = Do que pode dar

# The page of all answers to one criterion.
history-title = Cada resposta a um critério
history-note = O dia mais recente primeiro. O que foi retirado está riscado.
history-none = Ninguém respondeu a isto até agora.
history-none-here = Nenhuma entre as vistas até agora. Siga para a página seguinte.

# The page of all sites.
sites-title = Locais
sites-lead = Onde se extrai ouro, na ordem em que os locais foram registrados.
sites-all = Mostrar todos os locais
sites-none = Nenhum local corresponde.
sites-map = Mapa dos locais desta página; os números são os da lista abaixo
sites-caption = Locais, com quem os explora
