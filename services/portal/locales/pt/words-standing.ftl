# A draft: no native speaker has read it yet.

standing-applicant = requerente
standing-registered = registrada
standing-candidate = candidata
standing-affiliate = afiliada
standing-suspended = suspensa
standing-lapsed = caducada
