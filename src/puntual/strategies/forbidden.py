"""What no text may say, by language: for each fault the patterns that show it. Pure data for `proofreading`.

Patterns meet the text in small letters without accents. They name what is said *against* the reader, never a mere word that
has honest uses: "sin embargo", "cadena de suministro", "nota de crédito" and "to prevent fraud" are good words. What is a fault
follows ../conduct: threats, shame and third parties (PE Ley 29571, 61-62; CL Ley 19.496, 37; AR Ley 24.240, 8 bis; BR CDC 42;
CO Ley 2300; US 12 CFR 1006.14), papers that look like a court's (PE, AR, CL), listing as a threat (ES LOPDGDD 20).
"""

import re
from collections.abc import Mapping

_DEBTOR = {
    "es": r"\b(?:co)?deudor\w*|\bmoros[oa]s?\b",
    "en": r"\b(?:debtor|deadbeat|delinquent|defaulter)s?\b",
    "pt": r"\bdevedor\w*|\binadimplentes?\b|\bcaloteir\w*",
}
_THREAT = {
    "es": r"(?<!sin )\bembarg(?:o|os|ar|aremos|arle|arlo|arla|ara|ado|ada)\b"
    r"|\b(?:carcel|prision|arresto)\b|\b(?:la|a la|con la) policia\b"
    r"|\b(?:acciones|accion|medidas|consecuencias|procedimientos?) (?:legal|legales|judicial|judiciales|penal|penales)\b"
    r"|\b(?:via|vias|proceso|procesos|cobranza|cobro|demanda) (?:judicial|judiciales|penal)\b"
    r"|\bdemandar(?:emos|le|lo|la|los|a|an)\b|\b(?:interpon|presentar)\w* (?:una )?(?:demanda|denuncia|querella)\b"
    r"|\bdenunciar(?:emos|le|lo|la)\b|\bquerella\b|\bjuicio ejecutivo\b|\b(?:llevar\w*|ir) a juicio\b"
    r"|\b(?:remat|incaut|decomis|desaloj)(?:ar|aremos|e|en|ado)\b|\bincautacion\b|\bremate de\b"
    r"|\b(?:graves|serias|severas) consecuencias\b|\bconsecuencias graves\b|\batengase a\b|\bso pena\b",
    "en": r"\b(?:jail|prison|arrest|arrested|police|imprisonment)\b|\bcriminal (?:charges|complaint|action)\b"
    r"|\b(?:seize|seized|seizure|garnish|garnishment|repossess|repossession|foreclose|foreclosure)\b"
    r"|\b(?:legal|court|judicial) (?:action|actions|proceedings|measures|consequences|steps)\b"
    r"|\b(?:sue|sued|suing|lawsuit|litigation)\b|\btake you to court\b|\b(?:serious|severe|grave) consequences\b",
    "pt": r"\bpenhor(?:a|as|ar|aremos|ado)\b|\b(?:prisao|presidio)\b|\bcadeia\b(?! (?:de |logistica|produtiva))|\bpolicia\b"
    r"|\b(?:acao|acoes|medida|medidas|providencia|providencias|consequencia|consequencias) "
    r"(?:legal|legais|judicial|judiciais|penal|penais|cabiveis)\b"
    r"|\b(?:via|vias|processo|processos|cobranca|execucao) (?:judicial|judiciais|fiscal)\b"
    r"|\bprocessa-l[oa]s?\b|\bajuizar\w*|\bprotest(?:o|ar|aremos|ado)\b|\bbusca e apreensao\b|\bleilao d\w+ (?:seus )?bens\b"
    r"|\bbloqueio d\w+ (?:contas?|bens)\b|\bdespejo\b|\b(?:graves|serias) consequencias\b|\bconsequencias graves\b",
}
_BUREAU = {
    "es": r"\b(?:infocorp|dicom|datacredito|asnef|veraz|cifin|experian|equifax|transunion)\b|\bboletin comercial\b"
    r"|\bcentral(?:es)? de (?:riesgos?|informacion crediticia)\b|\bburo(?:s)? de credito\b"
    r"|\b(?:historial|calificacion|reputacion|score) (?:crediticio|crediticia|de credito)\b",
    "en": r"\bcredit (?:bureau|bureaus|agency|agencies|reference agency|score|rating|record|history|file)\b"
    r"|\b(?:experian|equifax|transunion)\b|\b(?:damage|affect|hurt|harm|ruin)\w* your credit\b",
    "pt": r"\b(?:serasa|spc|scpc)\b|\borgaos? de protecao ao credito\b|\bnegativ(?:ar|acao|aremos|amos|ado|ada)\b"
    r"|\bnome sujo\b|\bsujar (?:o )?seu nome\b|\bcadastro de inadimplentes\b",
}
_SHAME = {
    "es": r"\bverguenzas?\b|\bvergonzos[oa]s?\b|\bsinverguenza\b|\bmal(?:a)? pagador\w*|\bmala fe\b|\birresponsab\w+"
    r"|\bestafador\w*|\bdefraudador\w*|\bladron(?:es|a)?\b|\bcarade?ura\b|\bdescarad[oa]\b|\bdeshonest[oa]\b"
    r"|\bmanchar?\w* su (?:nombre|reputacion|imagen)\b|\b(?:publicaremos|haremos publico|haremos publica|exhibiremos)\b",
    "en": r"\b(?:ashamed|shameful|disgraceful|irresponsible|dishonest|fraudster|thief|crook|cheater)\b|\bshame on\b"
    r"|\bbad faith\b|\b(?:publish|post|display) your (?:name|debt)\b|\bmake (?:this|it|your debt) public\b",
    "pt": r"\bvergonhos[oa]s?\b|\bsem[- ]vergonha\b|\bma[- ]fe\b|\bmau pagador\b|\birresponsave(?:l|is)\b|\bdesonest[oa]s?\b"
    r"|\bgolpistas?\b|\bladr(?:ao|oes)\b|\bpicareta\b|\b(?:publicaremos|exporemos|divulgaremos) (?:o )?seu\b",
}
_RELATIVES = {
    "es": r"(?:famili|vecin|emplead|empleador|jefe|jefa|conyuge|espos|marido|amig|companer|conocid|referencias personales|"
    r"su trabajo|sus clientes|sus proveedores)",
    "en": r"(?:family|relative|neighbo|employer|boss|spouse|husband|wife|friend|colleague|co-?worker|your references|"
    r"your customers|your suppliers)",
    "pt": r"(?:famil|vizinh|empregador|chefe|patrao|conjuge|espos|marido|amig|colega|parente|suas referencias|"
    r"seus clientes|seus fornecedores)",
}
_TOLD = {
    "es": r"\b(?:(?:nos )?(?:informaremos|avisaremos|comunicaremos|contactaremos|llamaremos|escribiremos|hablaremos"
    r"|notificaremos|acudiremos|visitaremos)|vamos a (?:informar|avisar|comunicar|contactar|llamar|escribir|hablar|visitar))\b",
    "en": r"\bwe(?: will|'ll| shall| may| might| must| are going to| have to)*\s"
    r"(?:contact|inform|tell|notify|call|visit|speak|talk|write)\b",
    "pt": r"\b(?:informaremos|avisaremos|comunicaremos|contataremos|ligaremos|escreveremos|falaremos|notificaremos"
    r"|entraremos em contato|vamos (?:informar|avisar|comunicar|contatar|ligar|falar))\b",
}
_PASSED_ON = {
    "es": r"\b(?:digale|avisele|informele|transmitale|recuerdele)\b[^.]{0,80}\b(?:debe|deuda|factura|facturas|pagar|pago)\b",
    "en": r"\b(?:tell|inform|remind) (?:him|her|them)\b[^.]{0,80}\b(?:owes?|debt|invoices?|pay|payment)\b",
    "pt": r"\b(?:diga a el[ea]|avise-[oa]|informe-[oa]|lembre-[oa])\b[^.]{0,80}\b(?:deve|divida|faturas?|pagar|pagamento)\b",
}
_COURT = {
    "es": r"\b(?:juzgado|tribunal|tribunales|fiscalia|emplazamiento|emplazad[oa])\b|\bse le emplaza\b|\bapercibimiento\b"
    r"|\b(?:notificacion|citacion|orden|requerimiento|expediente|sentencia|resolucion|mandamiento|diligencia|aviso) "
    r"(?:judicial|extrajudicial|prejudicial|pre-judicial|de embargo|de demanda)\b"
    r"|\bcedula de (?:notificacion|citacion|emplazamiento)\b|\bcomparecer\b|\bcomparecencia\b|\bse le cita\b",
    "en": r"\b(?:summons|subpoena|tribunal|magistrate|bailiffs?|plaintiff|defendant|docket)\b|\bwrit of\b"
    r"|\bcourt (?:order|notice|hearing|date|summons|claim|judgment)\b|\bjudicial\b|\bhereby (?:ordered|summoned|served)\b"
    r"|\bnotice of (?:seizure|lawsuit|proceedings|judgment|enforcement)\b|\bpre-?legal\b",
    "pt": r"\b(?:intimacao|intimad[oa]|tribunal|juizado|oficial de justica|edital)\b|\bvara civel\b|\bmandado de\b"
    r"|\b(?:notificacao|citacao|ordem|aviso) (?:judicial|extrajudicial|pre-judicial)\b|\b(?:em|perante o) juizo\b"
    r"|\bcomparec(?:er|imento) (?:em|perante)\b",
}
_WHY = {
    "es": r"\bpor que (?:razon |motivo )?(?:aun |todavia )?no (?:ha |han |nos ha |ha sido )?(?:pag|cancel|cumpl)\w*"
    r"|\b(?:motivo|razon) (?:del|de la|de su) (?:no pago|atraso|impago|mora|falta de pago)\b",
    "en": r"\bwhy (?:have(?:n't)? you|haven't you|you have|you did|did you|didn't you)(?: not)? (?:paid|pay)\b"
    r"|\breason (?:for|you) (?:the non-?payment|not paying|have not paid)\b",
    "pt": r"\bpor que (?:ainda )?nao (?:pagou|pagaram|foi pago|quitou)\b"
    r"|\b(?:motivo|razao) (?:do|da|de) (?:nao pagamento|atraso|inadimplencia|falta de pagamento)\b",
}

_RULES: Mapping[str, Mapping[str, str]] = {
    "debtor": _DEBTOR,
    "threat": _THREAT,
    "bureau": _BUREAU,
    "shame": _SHAME,
    "third_party": {one: rf"{_TOLD[one]}[^.]{{0,50}}\b{_RELATIVES[one]}\w*|{_PASSED_ON[one]}" for one in _TOLD},
    "court": _COURT,
    "why": _WHY,
}
RULES: Mapping[str, Mapping[str, re.Pattern[str]]] = {
    code: {language: re.compile(pattern) for language, pattern in patterns.items()} for code, patterns in _RULES.items()
}
"""Fault, language, pattern; matched against `proofreading.fold`."""

# A number with decimals or thousands, or one beside a currency: an amount. "F001-247" or a date is none.
AMOUNT = re.compile(
    r"\d{1,3}(?:[.,\s\u00a0]\d{3})+(?!\d)|\d+[.,]\d{2}\b|(?:[$€£]|\bS/|\bR\$|\b[A-Z]{3})\s?\d|\d\s?(?:€|\b[A-Z]{3}\b)"
)
# What stands where others may read it does not say to a natural person, in Spanish, Portuguese and English.
DEBT = re.compile(
    r"\b(?:deud|adeud|vencid|impag|moros|mora\b|cobran|atras|pendiente|factura|cuota|pago\b|d[ií]vida|cobran[cç]a|em\s+atraso"
    r"|fatura|inadimpl|overdue|past\s+due|owed?\b|debts?\b|unpaid|arrears|invoice|collection|outstanding|payment)",
    re.IGNORECASE,
)
PRESSURE = re.compile(
    r"\b(?:URGENTE?|URGÊNCIA|INMEDIAT[OA]|INMEDIATAMENTE|IMEDIAT[OA]|IMEDIATAMENTE|IMMEDIATE|IMMEDIATELY|ÚLTIM[OA]|ULTIM[OA]"
    r"|FINAL|ATENCIÓN|ATENCION|ATENÇÃO|ATTENTION|IMPORTANTE?|AVISO|NOTICE|WARNING|ADVERTENCIA|ADVERTÊNCIA|PAGUE|PAY|DEUDA"
    r"|DÍVIDA|DEBT|VENCID[OA]S?|OVERDUE|DEBE|DEVE|HOY|HOJE|TODAY|NOW|YA|JÁ|NUNCA|NEVER|MUST)\b|!{2,}"
)
"""Words in capitals that press, and shouting; acronyms (RUC, IBAN) and an opt-out's BAJA, STOP or SAIR do not."""
