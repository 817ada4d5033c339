# A draft: no native speaker has read it yet.

check-dossier = Expediente de un lote
check-faults = { $n ->
    [one] Hay { $number } error en esta política
   *[other] Hay { $number } errores en esta política
}
check-line = Línea { $line }:
check-by-policy = Según la política
check-no-policy = Elija una política para tener una respuesta
check-no-policy-lead = Todavía no se ha elegido ninguna política. Debajo de la elección está lo que cuenta con cualquiera.
check-reasons = Motivos
check-no-reason = Nada habla en contra.
check-share = { $share } del oro
check-rests-on-nothing = no se apoya en ninguna declaración: nadie ha dicho nada
check-rests-on = se apoya en
check-reasons-left-out = { $n ->
    [one] { $number } motivo más está en el archivo.
   *[other] { $number } motivos más están en el archivo.
}
check-checked = Comprobado, y se cumple
check-checked-nothing = Nada.
check-origins-caption = Por sitio y por quien lo declaró, la parte mayor primero.
check-permit = Permiso en cada declaración
check-permit-in-force = vigente
check-permit-not-in-force = no vigente
check-permit-none-recorded = no hay ninguno registrado
check-permit-not-known = no se sabe
check-left-out = { $n ->
    [one] No se miró { $number } hecho más
   *[other] No se miraron { $number } hechos más
}
check-documents = Documentos que se nombran
check-documents-lead = Una declaración nombra cada uno. No se leyó lo que dicen.
check-policy = La política
check-policy-digest = SHA-256 de su texto:
check-policy-text = Su texto
check-checkpoint = El registro
check-checkpoint-lead = El último estado del registro que se firmó. Un dispositivo lo comprueba junto con la prueba.
check-checkpoint-behind = Todavía no contiene todo aquello en lo que se apoya esta respuesta.
check-checkpoint-size = { $n ->
    [one] Punto de control de { $number } entrada
   *[other] Punto de control de { $number } entradas
}
check-checkpoint-away = El registro no responde en este momento, así que aquí no hay punto de control. La respuesta no depende de él.
check-caveat = Aquello en lo que esto se apoya fue declarado, firmado y comprobado en su coherencia. No prueba ningún origen, y no es un consejo.
check-take = Para llevar
check-bundle-times = Descargarla con los tiempos de cada declaración
check-dossier-print = Expediente para imprimir
check-dossier-json = Expediente como archivo
check-choose = ¿Según qué política?
check-change = Cambiar la política
check-choose-lead = Una política dice lo que pide un comprador. Ninguna de estas es la norma de nadie, y cumplir una no es un certificado.
check-shipped = Una de las que vienen con esta página
check-button = Responder
check-own = Una política propia
check-own-lead = Se envía aquí para juzgar con ella, y no se guarda. Para que no salga de su máquina, use el programa veta.
check-own-file = Como archivo
check-own-text = O como texto
outcome-eligible = Se puede comprar
outcome-needs-a-person = Debe decidir una persona
outcome-not-eligible = No se puede comprar
severity-of-reason-not-eligible = lo impide
severity-of-reason-needs-a-person = debe decidir una persona
severity-of-reason-noted = anotado
policy-progressive = Progresiva
policy-progressive-why = se queda con mineros que mejoran; lo atrasado, lo dudoso y lo que es solo su palabra pasa a una persona.
policy-legal-title = Título legal
policy-legal-title-why = un título o permiso en la mina, y nada que obligue a dejar de comerciar de inmediato; con la palabra de cualquiera menos la propia.
policy-strict = Estricta
policy-strict-why = título legal, todo lo que se pide visto por un evaluador independiente en el último año, nada abierto y nada marcado. La mayor parte del oro artesanal no la cumple.
judged-lot-state = Estado del lote
judged-holds = Retenciones
judged-suspects = Claves que firmaron
judged-origins = Quién aportó
judged-illustrative = Cantidades
judged-standing-then = Cómo estaban las organizaciones cuando declararon
judged-standing-now = Cómo están ahora las organizaciones
judged-modules = Módulos
judged-assurance = Con la palabra de quién
judged-age = Antigüedad de las respuestas
judged-contested = Lo que otros dicen de las respuestas
judged-scenarios = Legitimidad
judged-permit = Permiso en la mina
judged-countries = Países
judged-incidents = Incidentes
judged-plans = Planes
judged-flags = Lo que merece una segunda mirada
judged-custody-model = Lo que se promete sobre la mezcla
judged-documents = Documentos
checked-lot-state = El lote todavía existe
checked-holds = Nadie retiene el lote ni aquello de lo que se hizo
checked-suspects = De ninguna clave que firmó se dice que estuviera en otras manos
checked-origins = Se sabe quién aportó
checked-illustrative = No consta que sus cantidades sean inventadas
checked-standing-then = Cuando declararon, las organizaciones estaban como pide la política
checked-standing-now = Las organizaciones están como pide la política
checked-modules = Se cumplen los módulos que pide la política
checked-assurance = Las respuestas se apoyan en la palabra que pide la política, o en una mejor
checked-age = Ninguna respuesta es más antigua de lo que permite la política
checked-contested = Nadie contradice ninguna respuesta
checked-scenarios = En cada sitio se da un caso de legitimidad que la política acepta
checked-permit = En cada mina había un permiso vigente en cada declaración
checked-countries = Cada sitio está en un país que la política acepta
checked-incidents = Ningún incidente abierto de los que pregunta la política
checked-plans = Ningún plan está atrasado
checked-flags = Nada merece una segunda mirada
checked-custody-model = Sobre la mezcla se promete al menos lo que pide la política
checked-documents = Se nombra cada documento que pide la política
document-delivery-slip = nota de entrega
document-transfer-document = documento del traspaso
document-invoice = factura
document-weight-record = acta de pesaje
document-assay-report = informe de ensayo
document-seal-photo = foto del precinto
document-melt-sheet = hoja de fundición
document-export-certificate = certificado de exportación
document-receiving-report = informe de recepción
reason-on-offer = El lote está ofrecido a { $to }.
reason-consumed = De este lote se hicieron otros: no se puede comprar.
reason-retired = El lote salió del sistema: no se puede comprar.
reason-lost = El lote se perdió: no se puede comprar.
reason-held = El lote está retenido: { $reason }
reason-held-before = Está retenido un lote del que se hizo: { $reason }
reason-key-in-other-hands = Se dice que la clave que firmó una declaración sobre él estaba entonces en otras manos.
reason-origin-unknown = Nada dice dónde se extrajo el lote.
reason-origin-of-part-unknown = Nada dice dónde se extrajo { $part } de su oro.
reason-not-gathered = { $count ->
    [one] No se miró { $count } hecho más sobre el lote.
   *[other] No se miraron { $count } hechos más sobre el lote.
}
reason-invented = Las cantidades del lote son inventadas: tal oro no tiene por qué existir.
reason-flagged = { $count ->
    [0] Merece una segunda mirada: { $flag }.
    [1] Merece una segunda mirada: { $flag }.
   *[other] Merece una segunda mirada, { $count } veces: { $flag }.
}
reason-custody-model-too-weak = Sobre la mezcla se promete: { $found }. Se pide al menos: { $least }.
reason-document-missing = Ninguna declaración nombra un documento de esta clase: { $document }.
reason-standing-then-unknown = No se sabe cómo estaba { $organization } cuando declaró.
reason-standing-now-unknown = No se sabe cómo está ahora { $organization }.
reason-standing-not-accepted = El { $day }, según lo registrado, { $organization } estaba así: { $found }. Se acepta: { $accepted }.
reason-scheme-decided = El { $day }, la última decisión del esquema sobre { $organization } era: { $found }.
reason-permit-not-in-force = El permiso que cubre { $site } no estaba vigente en cada declaración.
reason-permit-not-recorded = No hay registrado ningún permiso que cubra { $site }.
reason-permit-unknown = No se sabe si un permiso cubre { $site }.
reason-country-unknown = No se sabe en qué país está { $site }.
reason-country-denied = { $site } está en { $country }, que la política rechaza.
reason-country-not-allowed = { $site } está en { $country }. Se permite: { $allowed }.
reason-module-unknown = No se sabe hasta dónde ha llegado { $organization } en el módulo { $module }.
reason-module-not-asked = No se preguntó nada sobre { $organization } en el módulo { $module }.
reason-module-not-answered = { $count ->
    [one] Del módulo { $module } quedó sin responder { $count } pregunta sobre { $organization }.
   *[other] Del módulo { $module } quedaron sin responder { $count } preguntas sobre { $organization }.
}
reason-module-silent = Nadie dijo nada en el módulo { $module } sobre { $organization }.
reason-module-not-met = { $organization } no cumple el módulo { $module }: { $criteria }
reason-assurance-too-weak = Del módulo { $module }, lo dicho sobre { $criterion } de { $organization } tiene esta palabra: { $found }. Se pide al menos: { $least }.
reason-answer-too-old = { $days ->
    [one] Del módulo { $module }, lo dicho sobre { $criterion } de { $organization } es del { $day }. Se acepta: { $days } día.
   *[other] Del módulo { $module }, lo dicho sobre { $criterion } de { $organization } es del { $day }. Se aceptan: { $days } días.
}
reason-answers-contested = { $count ->
    [one] Otros dicen que { $count } respuesta sobre { $organization } no es así.
   *[other] Otros dicen que { $count } respuestas sobre { $organization } no son así.
}
reason-scenario-unknown = No se sabe qué caso de legitimidad vale para { $site }, que trabaja { $organization }.
reason-scenario-not-accepted = Para { $site }, que trabaja { $organization }, vale: { $found }. Se acepta: { $accepted }.
reason-incident-open = Está abierto un incidente sobre { $organization }: { $category }, { $confidence }, { $severity }.
reason-incidents-not-gathered = { $count ->
    [one] Está abierto { $count } incidente más sobre { $organization }, que no se miró.
   *[other] Están abiertos { $count } incidentes más sobre { $organization }, que no se miraron.
}
reason-plans-overdue = { $count ->
    [one] { $count } plan de { $organization } está atrasado a fecha de { $day }.
   *[other] { $count } planes de { $organization } están atrasados a fecha de { $day }.
}
policy-fault-too-long = La política tiene más de { $bytes } bytes: quite lo que no haga falta.
policy-fault-malformed = Esto no tiene la forma de una política. El programa que la leyó dice, en inglés:
policy-fault-version = La versión { $found } de las políticas no se conoce aquí: escriba version = { $known }.
policy-fault-nameless = name está vacío: escriba cómo se llama esta política.
policy-fault-word = { $field } tiene { $found }, que no significa nada. Puede ser: { $known }.
policy-fault-empty = { $field } no nombra nada: nombre al menos uno, o quítelo.
policy-fault-repeated = { $field } tiene { $found } dos veces: escríbalo una vez.
policy-fault-slug = { $field } tiene { $found }, que no es un nombre: escriba minúsculas, cifras, puntos, guiones o guiones bajos.
policy-fault-country = { $field } tiene { $found }, que no es un país: escriba sus dos mayúsculas, como CD.
policy-fault-country-twice = countries permite y rechaza { $found }: haga una de las dos cosas.
policy-fault-module = modules.met tiene { $found }, que nadie puede cumplir: escriba 1, 2, 3 o 4.
policy-fault-without-modules = { $field } pregunta por módulos, pero ¿por cuáles? Escriba modules con met, o quítelo.
policy-fault-flag-twice = flags tiene { $found } en dos listas: déjelo en una.
policy-fault-share = ignore_below_ppm es { $found }, y el lote entero es 1000000: escriba menos, como 10000 para una centésima.
policy-fault-asks-nothing = { $field } no pide nada: escriba lo que debe pedir, o quítelo.
