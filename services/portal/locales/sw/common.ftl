# Prepared, and not offered before it is complete. A draft: no native speaker has read it yet.

site-title = Veta: dhahabu inatoka wapi, na nani anasema hivyo
nav-organizations = Mashirika
nav-lots = Mafungu
nav-log = Daftari
nav-verify = Hakiki
nav-submit = Tuma
nav-help = Msaada
search-label = Tafuta
search-button = Tafuta
language-label = Lugha
