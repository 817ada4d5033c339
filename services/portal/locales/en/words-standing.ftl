# Words about how an organization stands.

standing-applicant = applicant
standing-registered = registered
standing-candidate = candidate
standing-affiliate = affiliate
standing-suspended = suspended
standing-lapsed = lapsed
