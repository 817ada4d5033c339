# A draft: no native speaker has read it yet.

standing-applicant = solicitante
standing-registered = registrada
standing-candidate = candidata
standing-affiliate = afiliada
standing-suspended = suspendida
standing-lapsed = caducada
