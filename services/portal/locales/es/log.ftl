# A draft: no native speaker has read it yet.

log-title = El registro público
log-lead = Cada declaración que entró en el registro, en orden. Nada puede cambiarse ni quitarse sin que se note. Lo que se rechaza al entregarlo no entra en él; lo que entró por otra vía e incumple las reglas figura aquí como rechazado.
log-read-only = Por ahora no se firma nada nuevo. Lo publicado antes permanece.
log-checkpoint = Punto de control actual
log-checkpoint-then = El primer punto de control que lo cubre
log-no-checkpoint = Todavía no se publicó ningún punto de control.
log-origin = Nombre del registro
log-size = Entradas
log-root = Raíz
log-as-of = Suficientes testigos habían firmado el
log-vkey = Clave del registro
log-vkey-why = Confíe en esta clave solo si también le llegó por otra vía: por carta, de un socio, impresa.
log-raw = El punto de control tal como está firmado
log-all-checkpoints = Todos los puntos de control publicados
log-policy = La política del operador: su clave y sus testigos
log-witnesses = Testigos
log-witnesses-why = Deberían operarlos otros, y esta página no puede saber si es así: mire quién es cada uno. Cada uno firma el registro solo si creció y nada cambió en él; uno que audita además decide de nuevo cada declaración.
log-no-witnesses = Nadie más que el propio registro firmó este punto de control.
log-witness-name = Testigo
log-witness-does = Qué comprueba
log-witness-state = Firma
log-witness-when = Cuándo
log-witness-audits = decide de nuevo cada declaración
log-witness-grows = que el registro solo crece
log-witness-unknown = no figura en la política del operador
log-state-cosigned = firmó
log-state-missing = no firmó
log-state-broken = firma no válida
log-state-unknown = no comprobada aquí
log-entries = Entradas más recientes
log-entries-caption = Primero las más recientes; el número lleva a lo que se firmó.
log-no-entries = Aquí no hay nada.
log-entry = Número
log-entry-what = Qué se dijo
log-entry-who = Quién
log-entry-when = Admitida
log-entry-verdict = Veredicto
log-entry-nothing = no es declaración de nadie
log-admitted = admitida
log-refused = rechazada
log-replay = Compruébelo todo usted mismo
log-replay-why = Este comando lee todo el registro, decide de nuevo cada declaración y compara el final con lo firmado.
log-replay-policy = La política dice en qué registro y en qué testigos confía. Un lector prudente escribe la suya.
entry-title = Entrada #{ $position }
entry-numbers = El número { $position } cuenta desde 1: es el de las páginas, las búsquedas y las citas. El índice { $index } cuenta desde 0: es el de la dirección de esta página, de las teselas y de las pruebas.
entry-refused = por la regla { $number }
entry-refused-why = No cambió nada. Queda en el registro para que todos vean que se intentó.
entry-who = Quién firmó, y cuándo
entry-by = En nombre de
entry-stated = Dicha el, según el reloj de quien firmó
entry-admitted = Admitida el
entry-key = Clave de firma
entry-number = Número entre las declaraciones de esta clave
entry-id = Identificador de la declaración
entry-checked = La firma se comprobó al hacer esta página, sobre exactamente los bytes de abajo.
entry-nothing = Ninguna firma vale para lo que hay aquí. Solo se pueden mostrar sus bytes.
entry-when = Cuándo llegó
entry-after = Llegó después del
entry-after-unknown = Ningún punto de control anterior dice después de cuándo llegó.
entry-before = Llegó antes del
entry-before-unknown = Ningún punto de control dice antes de cuándo llegó.
entry-when-why = Según los relojes de los testigos, no el de quien firmó ni el de quien opera esto.
entry-proof = Prueba de que está en el registro
entry-proof-holds = válida
entry-proof-fails = no válida
entry-proof-why = Estos resúmenes llevan de esta entrada a la raíz que el registro firmó. Llévese el archivo para comprobarlo en otra parte.
entry-proof-file = Prueba como archivo (tlog-proof)
entry-index = Índice de la entrada #{ $position }, desde 0
entry-tree-size = Tamaño del árbol
entry-leaf-hash = Resumen de esta hoja
entry-prev = Resumen de la hoja anterior
entry-map-root = Raíz del mapa después de ella
entry-hashes = { $n ->
    [one] Un resumen
   *[other] { $number } resúmenes
    }
entry-raw = { $n ->
    [one] Un byte en bruto
   *[other] { $number } bytes en bruto, en hexadecimal
    }
entry-previous = Entrada anterior
entry-next = Entrada siguiente
checkpoints-title = Puntos de control publicados
checkpoints-lead = Cada uno es un estado firmado del registro. Compare uno con lo que usted guardó, o con lo que se mostró a otro.
checkpoints-size = { $n ->
    [one] Una entrada
   *[other] { $number } entradas
    }
checkpoints-first = Firmado por suficientes testigos el
checkpoints-last = por última vez el
checkpoints-not-cosigned = No firmado por suficientes testigos de la política del operador
checkpoints-note = Como se publicó primero
checkpoints-freshest = Como se firmó por última vez
ago-now = hace menos de un minuto
ago-minutes = { $n ->
    [one] hace un minuto
   *[other] hace { $number } minutos
    }
ago-hours = { $n ->
    [one] hace una hora
   *[other] hace { $number } horas
    }
ago-days = { $n ->
    [one] hace un día
   *[other] hace { $number } días
    }
