# A draft: no native speaker has read it yet.

given-level = nivel { $level } de { $max }
given-not-applicable = no se aplica: { $why }
answer-contradicts = Otra respuesta sobre el mismo día:
answer-contested-by = Impugnada por
answer-confirmed-by = Confirmada por
answer-withdrawn-by = Retirada por
answer-older = Antes:
answer-contested = impugnada
answer-contradicted = contradicha
sources = Fuentes
evidence = Pruebas, por su huella:
and-more =
    { $n ->
        [one] y { $number } más
       *[other] y { $number } más
    }
assurance-heading = Palabra de quién, y de cuándo
assurance-title = Las respuestas presentes se apoyan en
assurance-confirmed = confirmadas por otros
assurance-contested = impugnadas por otros
freshness-title = Antigüedad de las pruebas
freshness-newest = la más nueva
freshness-oldest = la más antigua
module-1 = Módulo 1: quién y dónde
module-2 = Módulo 2: legitimidad
module-3 = Módulo 3: abusos que ponen fin al comercio de inmediato
module-4 = Módulo 4: riesgos por corregir a tiempo
module-5 = Módulo 5: mejora, nivel por nivel
map-about = Cada marca está en el centro de un cuadrado de unos 11 km; aquí no se sabe nada más preciso. Contornos: Natural Earth.
others-title = Lo que otros vieron con otro fin
others-note = No decide nada. Lo que no se vio no habla a favor de nada: nadie lo vio ese día.
others-against = habla en contra
others-context = ayuda a juzgar
band-unknown = nadie dijo cuánto puede dar

# The page of all organizations.
orgs-title = Organizaciones
orgs-lead = Quienes extraen, procesan, comercian, refinan, compran y controlan: hasta dónde ha llegado cada una, y según quién.
orgs-filter-title = Mostrar solo algunas, o en otro orden
orgs-any = Cualquiera
orgs-name = Parte del nombre
orgs-kind = Qué hace
orgs-country = País (dos letras)
orgs-area = Zona de un sitio
orgs-standing = Situación
orgs-decided = Decidido por el esquema
orgs-scenario = Legitimidad
orgs-modules = Módulos cumplidos
orgs-incidents = Incidentes
orgs-incidents-open = hay abiertos
orgs-incidents-grave = uno que obliga a dejar de comerciar
orgs-incidents-none-open = ninguno abierto
orgs-freshness = Respuesta más nueva
orgs-overdue = Plan atrasado
orgs-overdue-yes = sí
orgs-overdue-no = no
orgs-level = { $pillar }: al menos nivel
orgs-sort = Orden
orgs-sort-enrolled = como se inscribieron
orgs-sort-name = por nombre
orgs-sort-standing = por situación
orgs-sort-since = por desde cuándo rige la situación
orgs-sort-changed = por el último cambio
orgs-sort-freshness = por la respuesta más nueva
orgs-sort-next-due = por lo que vence antes
orgs-descending = Al revés
orgs-button = Mostrar
orgs-all = Mostrar todas las organizaciones
orgs-none = Ninguna organización corresponde.
orgs-none-here = Ninguna de las organizaciones vistas hasta aquí corresponde. Siga en la página siguiente.
orgs-map = Mapa de dónde extraen las organizaciones de esta página; los números son los de la lista de abajo
orgs-caption = Organizaciones, con su situación
orgs-number = N.º
orgs-organization = Organización
orgs-plans = Próximo plazo
orgs-newest = Respuesta más nueva
orgs-sites = Sitios
orgs-grave =
    { $n ->
        [one] { $number } grave
       *[other] { $number } graves
    }
orgs-open =
    { $n ->
        [one] { $number } abierto
       *[other] { $number } abiertos
    }

# The page of one organization.
org-enrolled = inscrita:
org-computed = Según se sigue del registro
org-since = desde
org-by-time = solo por el paso del tiempo
org-nothing-decided = nada hasta ahora
org-differs = El esquema decidió otra cosa que lo que se sigue del registro. Se muestran ambas.
org-causes = Está suspendida porque:
org-report = Último informe
org-report-lapses = sin otro, su situación caduca después de
org-report-digest = huella del resumen
org-no-report = ninguno hasta ahora
org-next-change = Puede cambiar solo por el tiempo el
org-gates = Puertas
org-gates-note = Lo que debe cumplirse antes de que cuente lo demás. Según los criterios
org-gates-caption = Cuántos criterios de cada módulo están hasta dónde
org-gate = Módulo
org-state = Estado
org-no-gates = Todavía no se ha publicado ningún catálogo con puertas.
org-next = Qué falta ahora
org-nothing-next = No falta nada.
org-otherwise = Mientras no se haga:
org-due = hasta
org-due-at-first = al principio
org-module = módulo { $module }
org-levels = Niveles de mejora:
org-at-level = nivel { $level }: { $number }
org-without-level = sin datos: { $number }
org-no-pillar = Otros criterios
org-elsewhere = Respuestas según otros catálogos
org-elsewhere-note = No cambian la situación.
org-earlier = { $n ->
    [one] { $number } respuesta anterior
   *[other] { $number } respuestas anteriores
}
org-plans = Planes
org-plan = Plan
org-no-plans = Nunca se adoptó ningún plan.
org-overdue = atrasado
org-open = abierto
org-not-reported = nadie ha informado sobre ello
org-incidents = Incidentes
org-incident = Incidente
org-no-incidents = No consta ningún incidente. Puede que nadie lo haya comunicado.
org-grave = hay que dejar de comerciar
org-more = Hay más de lo que consta aquí.
org-all-plans = Todos los planes
org-all-incidents = Todos los incidentes
org-all-answers = Cada respuesta dada sobre la organización misma
org-all-sites = Todos sus sitios
org-newest-first = lo más reciente primero
org-indicators = Medido a lo largo del tiempo
org-over-time = Los valores de abajo como línea, del primer día al último
org-sites = Sitios
org-sites-caption = Sitios que trabaja, con lo que dieron junto a lo que pueden dar
org-no-sites = No trabaja ningún sitio.
org-map = Mapa de sus sitios; los números son los de la lista de abajo
org-onward = Seguir mirando
org-lots = Lotes que tiene
org-compare = Compararla con otra, o consigo misma en otra fecha

# The page that compares.
compare-title = Comparar organizaciones
compare-lead = Dos organizaciones, o una en dos fechas, criterio por criterio. Cada una con todos sus sitios: tan buena como el peor de ellos.
compare-a = Una
compare-at1 = a fecha de
compare-b = La otra (vacío: la misma)
compare-at2 = a fecha de
compare-button = Comparar
compare-caption = Qué consta en cada lado, y cómo es el derecho visto desde el izquierdo
compare-criterion = Criterio
compare-left = Izquierda
compare-right = Derecha
compare-trend = La derecha está

# The page of a site.
place-site = Sitio
place-operator = Trabajado por
place-where = Dónde
place-no-cell = no está en el mapa: nadie dijo dónde
place-deposit = Cómo está el oro
place-registered = Registrado por la entrada
place-map = Mapa con este sitio
place-lots = Lotes extraídos aquí
place-found = Qué se encontró aquí
place-found-note = Cada respuesta habla de su día. Lo que nunca se preguntó no está aquí; no es un “no”.
place-all-answers = Cada respuesta dada sobre este sitio
place-permits = Permisos
place-checked = consultado en su registro el
place-unchecked = nadie lo consultó en su registro
place-production = Oro por mes, junto a lo que el sitio puede dar
place-production-note = Como parte, en palabras: las cantidades son asunto de quienes conciernen. Las cantidades declaradas pueden ser inventadas para una demostración; la página de cada lote lo dice.
place-capacity =
    { $n ->
        [one] Lo que puede dar en { $number } mes lo estableció
       *[other] Lo que puede dar en { $number } meses lo estableció
    }
place-no-capacity = Nadie dijo cuánto puede dar.
place-no-months = No se declaró ningún lote de aquí.
place-month = Mes
place-band = De lo que puede dar

# The page of all answers to one criterion.
history-title = Cada respuesta a un criterio
history-note = El día más reciente primero. Lo que se retiró está tachado.
history-none = Nadie ha respondido a esto hasta ahora.
history-none-here = Ninguna entre las miradas hasta ahora. Siga en la página siguiente.

# The page of all sites.
sites-title = Sitios
sites-lead = Donde se extrae oro, en el orden en que se inscribieron los sitios.
sites-all = Mostrar todos los sitios
sites-none = Ningún sitio corresponde.
sites-map = Mapa de los sitios de esta página; los números son los de la lista de abajo
sites-caption = Sitios, con quien los trabaja
