# A draft: no native speaker has read it yet.

lot-handovers-signed = { $n ->
    [one] { $number } entrega firmada por ambas partes
   *[other] { $number } entregas firmadas por ambas partes
}
lot-no-hold = Ninguna retención lo alcanza
lot-holds-count = { $n ->
    [one] { $number } retención lo detiene
   *[other] { $number } retenciones lo detienen
}
lot-no-flag = No se halló nada en él que merezca una segunda mirada
lot-flags-count = { $n ->
    [one] { $number } cosa merece una segunda mirada
   *[other] { $number } cosas merecen una segunda mirada
}
lot-flags-behind-count = { $n ->
    [one] { $number } clase de cosa merece una segunda mirada en aquello de lo que se hizo
   *[other] { $number } clases de cosas merecen una segunda mirada en aquello de lo que se hizo
}
lot-suspects-count = { $n ->
    [one] { $number } clave que habló de él no es de fiar
   *[other] { $number } claves que hablaron de él no son de fiar
}
lot-check = ¿Puedo comprar este lote?
lot-bundle = Descargar la prueba
lot-bundle-present = del presente
lot-verify = Verificarlo en su dispositivo
lot-label = Etiqueta para imprimir
lot-facts-title = Qué es y quién lo tiene
lot-bar = Estampado en ella
lot-bar-brand = marca
lot-bar-serial = número
lot-declared-gross = al principio
lot-gold-max = como máximo
lot-fineness-unknown = nadie ha dicho qué ley tiene
lot-fineness = Ley
lot-silver = Plata
lot-fineness-claim = una afirmación, no un ensayo
lot-fineness-assay = un ensayo
lot-made-by = Hecho por
lot-declared-by = Declarado por
lot-owner = De quién es
lot-offered-to = Ofrecido a
lot-offer-until = hasta
lot-with-title = la propiedad pasa con él
lot-was-offered-to = Se ofreció, sin éxito, a
lot-exported-from = Exportado de
lot-in-books-of = En los libros de
lot-mixing = Sobre la mezcla se promete
lot-latest = Última declaración sobre él
lot-holds-title = Retenido
lot-held-through = Lo alcanza a través de
lot-incident = Incidente
lot-more-than-shown = Hay más de los que se muestran.
lot-flags-title = Lo que merece una segunda mirada
lot-flags-lead = Las reglas lo admitieron de todos modos. De ello nada se deduce por sí solo; pregunte a quienes firmaron.
lot-flag-other = véase también
lot-flag-umpire = el ensayo del árbitro:
lot-flag-figures = { $found }, donde el límite es { $line }
lot-days = { $n ->
    [one] { $number } día
   *[other] { $number } días
}
lot-times = { $n ->
    [one] { $number } vez
   *[other] { $number } veces
}
lot-handovers-title = Por qué manos pasó
lot-no-handover = No ha cambiado de manos.
lot-handovers-caption = Cada entrega se firma dos veces: por quien da, y por quien toma y pesa.
handover-from = De
handover-to = A
handover-outcome = Resultado
handover-given = Masa según quien da
handover-measured = Masa medida
handover-difference = Diferencia
handover-seals = Precintos hallados
handover-earlier-page = ofrecido en una página anterior
handover-no-answer = no ha firmado nada al respecto
handover-signed = firmado por
handover-accepted = recibido
handover-declined = rechazado
handover-withdrawn = oferta retirada
handover-open = ofrecido
handover-expired = oferta terminada sin respuesta
lot-origins-title = De dónde viene su oro
lot-origins-caption = Por sitio y por quien lo declaró, primero la parte mayor. Lo mezclado se reparte por masa.
lot-origins-left-out = { $n ->
    [one] { $number } parte menor no se muestra aquí.
   *[other] { $number } partes menores no se muestran aquí.
}
origin-share = Parte
origin-organization = Organización
origin-lots = Declarado como
origin-lots-count = { $n ->
    [one] { $number } lote
   *[other] { $number } lotes
}
origin-permit-then = Permiso entonces
origin-permit-now = Permiso ahora
origin-permit-until = hasta
origin-no-permit = sin permiso conocido
lot-standings-title = Cómo estaban y están quienes lo declararon
lot-standings-caption = Situación el día de la última declaración de oro que está en este lote, y el día del que vale esta página.
stood-declared = Declarado
stood-then = Situación entonces
stood-now = Situación ahora
stood-since = desde
stood-incidents = { $n ->
    [one] { $number } incidente abierto
   *[other] { $number } incidentes abiertos
}
lot-behind-title = Lo que se sabe de todo aquello de lo que se hizo
behind-sites = { $n ->
    [one] { $number } sitio
   *[other] { $number } sitios
}
behind-organizations = { $n ->
    [one] { $number } organización
   *[other] { $number } organizaciones
}
behind-no-flag = No se halló en ello nada que merezca una segunda mirada.
behind-suspect = clave que no es de fiar
behind-suspect-revoked = dicho en
behind-suspect-spoke = habló por último de
behind-too-much = Aquello de lo que se hizo es demasiado para una respuesta: mire lotes más cercanos
lot-refused-title = Declaraciones sobre él que se rechazaron
lot-refused-none = Ninguna que esté en el registro nombra este lote. Lo que se rechaza al entregarlo no entra en el registro.
lot-refused-lead = Alguien las firmó, entraron en el registro, y las reglas no dejaron que contaran: una segunda venta de lo ya vendido, por ejemplo. Lo que se rechaza al entregarlo no está entre ellas.
lot-refused-unknown = El registro no responde ahora.
lot-refused-behind = El registro no tiene todavía las declaraciones más recientes: vuelva a cargar esta página en un momento.
lot-refused-count = { $n ->
    [one] { $number } declaración sobre él se rechazó
   *[other] { $number } declaraciones sobre él se rechazaron
}
lot-assays-title = Ensayos
lot-assays-caption = Primero los más nuevos
assay-method = Método
assay-for = Para qué
assay-of = Qué se ensayó
assay-by = Por
assay-replaced = sustituido desde entonces
assay-of-lot = el propio lote
assay-of-sample = muestra
lot-melt = Fundición
lot-seals-title = Precintos y muestras
lineage-title = De qué se hizo y en qué se convirtió
lineage-lead = { $n ->
    [one] Hasta { $number } paso de distancia
   *[other] Hasta { $number } pasos de distancia
}
lineage-picture = Dibujo: lo que entró está a la izquierda de lo que salió
lineage-made-of = De qué se hizo
lineage-became = En qué se convirtió
lineage-of = salió de:
lineage-into = entró en:
lineage-more = Hay más de lo que se muestra aquí.
lineage-deeper = Mostrar más pasos
lineage-goes-on = continúa: vea este lote
lineage-this-lot = este lote
lineage-inputs = { $n ->
    [one] entró { $number } lote
   *[other] entraron { $number } lotes
}
lineage-outputs = { $n ->
    [one] salió { $number } lote
   *[other] salieron { $number } lotes
}
lineage-lost = perdido:
lineage-above = detallado arriba
lot-path-title = Todo lo que se dijo de él
lot-path-lead = En el orden del registro, primero lo más antiguo.
step-lot-declared = Declarado
step-custody-offered = Ofrecido
step-custody-accepted = Recibido y pesado
step-custody-declined = Rechazado
step-offer-withdrawn = Oferta retirada
step-title-transferred = Propiedad transferida
step-lot-retired = Salió del sistema
step-lot-lost = Perdido
step-lot-weighed = Pesado
step-lot-sampled = Muestreado
step-lot-assayed = Ensayado
step-lot-sealed = Precintado
step-seal-broken = Precinto roto
step-lots-transformed = Hecho de otros lotes
step-used-up = Se convirtió en otros lotes
step-lot-exported = Exportado
step-lot-received = Recibido por una refinería
step-lot-held = Retenido
step-lot-released = Liberado
step-correction-proposed = Corrección propuesta
step-correction-confirmed = Corrección confirmada
step-signed-for = firmado en su nombre por
step-seals = Precintos o muestras
step-number = Número
step-countries = Países
step-witness = Quién más miró
step-reason = Por qué
step-target = Sobre la declaración
step-documents = Documentos, por sus huellas
step-stated = Firmado, según dice
step-logged = Entró en el registro
step-not-before = no antes de
step-not-after = no después de
step-not-known = no se sabe
