# A draft: no native speaker has read it yet.

standing-applicant = candidat déclaré
standing-registered = enregistrée
standing-candidate = candidate
standing-affiliate = affiliée
standing-suspended = suspendue
standing-lapsed = caduque
