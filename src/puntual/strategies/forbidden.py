"""What no text may say, by language: for each fault the patterns that show it. Pure data for `proofreading`.

Patterns meet the text in small letters without accents. They name what is said *against* the reader, never a mere word that
has honest uses: "sin embargo", "cadena de suministro", "nota de crédito" and "to prevent fraud" are good words. What is a fault
follows ../conduct: threats, shame and third parties (PE Ley 29571, 61-62; CL Ley 19.496, 37; AR Ley 24.240, 8 bis; BR CDC 42;
CO Ley 2300; US 12 CFR 1006.14), papers that look like a court's (PE, AR, CL), listing as a threat (ES LOPDGDD 20).
"""

import re
from collections.abc import Mapping

from puntual.strategies.steps import LANGUAGES

_DEBTOR = {
    "es": (
        r"\b(?:co)?deudor\w*",
        r"\bmoros[oa]s?\b",
    ),
    "en": (r"\b(?:debtor|deadbeat|delinquent|defaulter)s?\b",),
    "pt": (
        r"\bdevedor\w*",
        r"\binadimplentes?\b",
        r"\bcaloteir\w*",
    ),
}
_THREAT = {
    "es": (
        r"(?<!sin )\bembarg(?:o|os|ar|aremos|arle|arlo|arla|ara|ado|ada)\b",
        r"\b(?:carcel|prision|arresto)\b",
        r"\b(?:la|a la|con la) policia\b",
        r"\b(?:acciones|accion) (?:legal|legales|judicial|judiciales|penal|penales)\b",
        r"\b(?:medidas|consecuencias|procedimientos?) (?:legal|legales|judicial|judiciales|penal|penales)\b",
        r"\b(?:via|vias|proceso|procesos|cobranza|cobro|demanda) (?:judicial|judiciales|penal)\b",
        r"\bdemandar(?:emos|le|lo|la|los|a|an)\b",
        r"\b(?:interpon|presentar)\w* (?:una )?(?:demanda|denuncia|querella)\b",
        r"\bdenunciar(?:emos|le|lo|la)\b",
        r"\bquerella\b",
        r"\bjuicio ejecutivo\b",
        r"\b(?:llevar\w*|ir) a juicio\b",
        r"\b(?:remat|incaut|decomis|desaloj)(?:ar|aremos|e|en|ado)\b",
        r"\bincautacion\b",
        r"\bremate de\b",
        r"\bvias? (?:legal|legales)\b",
        r"\bproceder\w* (?:legal|judicial)mente\b",
        r"\b(?:sera|seran|ser|sea) demandad[oa]s?\b",
        r"\bdesalojo\b",
        r"\bretencion (?:de|sobre) su (?:salario|sueldo|cuenta)\b",
        r"\bir(?:a|an|ia) pres[oa]s?\b",
        r"\bevit(?:e|ese|arse) (?:mayores )?problemas\b",
        r"\b(?:graves|serias|severas) consecuencias\b",
        r"\bconsecuencias graves\b",
        r"\batengase a\b",
        r"\bso pena\b",
    ),
    "en": (
        r"\b(?:jail|prison|arrest|arrested|police|imprisonment)\b",
        r"\bcriminal (?:charges|complaint|action)\b",
        r"\b(?:start|starting|begin|initiate|issue) (?:legal |court )?proceedings\b",
        r"\bproceedings against\b",
        r"\bsheriff\b",
        r"\bwarrant for\b",
        r"\b(?:seize|seized|seizure|garnish|garnished|garnishment|repossess|repossession|foreclose|foreclosure)\b",
        r"\b(?:legal|court|judicial) (?:action|actions|proceedings|measures|consequences|steps)\b",
        r"\b(?:sue|sued|suing|lawsuit|litigation)\b",
        r"\btake you to court\b",
        r"\b(?:serious|severe|grave) consequences\b",
    ),
    "pt": (
        r"\bpenhor(?:a|as|ar|aremos|ado)\b",
        r"\b(?:prisao|presidio)\b",
        r"\bcadeia\b(?! (?:de |logistica|produtiva))",
        r"\bpolicia\b",
        r"\b(?:acao|acoes|medida|medidas) (?:legal|legais|judicial|judiciais|penal|penais|cabiveis)\b",
        r"\b(?:providencia|providencias|consequencia|consequencias) (?:legal|legais|judicial)\b",
        r"\b(?:providencia|providencias|consequencia|consequencias) (?:judiciais|penal|penais|cabiveis)\b",
        r"\b(?:via|vias|processo|processos|cobranca|execucao) (?:judicial|judiciais|fiscal)\b",
        r"\bprocessa-l[oa]s?\b",
        r"\bprocessar(?:emos)? (?:voce|o senhor|a senhora|sua empresa)\b",
        r"\b(?:voce|senhor|senhora) sera processad[oa]\b",
        r"\b(?:acion|recorr|lev|entr)\w* (?:a|na|com|ao|no) (?:justica|judiciario)\b",
        r"\bajuizar\w*",
        r"\bprotest(?:o|ar|aremos|ado)\b",
        r"\bbusca e apreensao\b",
        r"\bleilao d\w+ (?:seus )?bens\b",
        r"\bbloqueio d\w+ (?:contas?|bens)\b",
        r"\bdespejo\b",
        r"\b(?:graves|serias) consequencias\b",
        r"\bconsequencias graves\b",
    ),
}
_BUREAU = {
    "es": (
        r"\b(?:infocorp|dicom|datacredito|asnef|veraz|cifin|experian|equifax|transunion)\b",
        r"\bboletin comercial\b",
        r"\bcentral(?:es)? de (?:riesgos?|informacion crediticia)\b",
        r"\bburos?(?: de credito)?\b",
        r"\b(?:lista|registro|fichero)s? de moros\w+",
        r"\b(?:historial|calificacion|reputacion|score) (?:crediticio|crediticia|de credito)\b",
    ),
    "en": (
        r"\bcredit (?:bureau|bureaus|agency|agencies|reference agency|score|rating|record|history|file)\b",
        r"\b(?:experian|equifax|transunion)\b",
        r"\b(?:damage|affect|hurt|harm|ruin)\w* your credit\b",
        r"\byour credit (?:will|may|could) (?:suffer|be (?:damaged|affected|hurt|harmed))\b",
    ),
    "pt": (
        r"\b(?:serasa|spc|scpc)\b",
        r"\borgaos? de protecao ao credito\b",
        r"\bnegativ(?:ar|acao|aremos|amos|ado|ada)\b",
        r"\bnome sujo\b",
        r"\bsujar (?:o )?seu nome\b",
        r"\bcadastro de inadimplentes\b",
    ),
}
_SHAME = {
    "es": (
        r"\bverguenzas?\b",
        r"\bvergonzos[oa]s?\b",
        r"\bsinverguenza\b",
        r"\bmal(?:a)? pagador\w*",
        r"\bmala fe\b",
        r"\birresponsab\w+",
        r"\bestafador\w*",
        r"\bdefraudador\w*",
        r"\bladron(?:es|a)?\b",
        r"\bcarade?ura\b",
        r"\bdescarad[oa]\b",
        r"\bdeshonest[oa]\b",
        r"\btod[oa]s (?:sabran|se enteraran)\b",
        r"\bno (?:cumple|cumplio)(?: con)? su palabra\b",
        r"\bmanchar?\w* su (?:nombre|reputacion|imagen)\b",
        r"\b(?:publicaremos|haremos publico|haremos publica|exhibiremos)\b",
    ),
    "en": (
        r"\b(?:ashamed|shameful|disgraceful|irresponsible|dishonest|fraudster|thief|crook|cheater)\b",
        r"\bshame on\b",
        r"\bbad faith\b",
        r"\b(?:publish|post|display) your (?:name|debt)\b",
        r"\bmake (?:this|it|your debt) public\b",
    ),
    "pt": (
        r"\bvergonhos[oa]s?\b",
        r"\bsem[- ]vergonha\b",
        r"\bma[- ]fe\b",
        r"\bmau pagador\b",
        r"\birresponsave(?:l|is)\b",
        r"\bdesonest[oa]s?\b",
        r"\bgolpistas?\b",
        r"\bladr(?:ao|oes)\b",
        r"\bpicareta\b",
        r"\b(?:publicaremos|exporemos|divulgaremos) (?:o )?seu\b",
    ),
}
_RELATIVES = {
    "es": (
        r"famili",
        r"vecin",
        r"empleador",
        r"jef[ea]\b(?! de )",
        r"conyuge",
        r"espos",
        r"marido",
        r"amig",
        r"companer\w+(?! de )",
        r"conocid",
        r"sus referencias",
        r"referencias personales",
        r"su (?:lugar |centro )?(?:de )?trabajo",
        r"sus clientes",
        r"sus proveedores",
    ),
    "en": (
        r"family",
        r"relative",
        r"neighbo",
        r"employer",
        r"boss",
        r"spouse",
        r"husband",
        r"wife",
        r"friend",
        r"colleagues?\b(?! (?:in|at|from))",
        r"co-?worker",
        r"your references",
        r"your customers",
        r"your suppliers",
    ),
    "pt": (
        r"famil",
        r"vizinh",
        r"empregador",
        r"chefe\b(?! d)",
        r"patrao",
        r"conjuge",
        r"espos",
        r"marido",
        r"amig",
        r"colegas?\b(?! d)",
        r"parente",
        r"suas referencias",
        r"seus clientes",
        r"seus fornecedores",
    ),
}
_TOLD = {
    "es": (
        r"\b(?:nos )?(?:informaremos|avisaremos|comunicaremos|contactaremos|llamaremos|escribiremos|hablaremos)\b",
        r"\b(?:notificaremos|acudiremos|iremos|nos presentaremos)\b",
        r"\b(?:vamos a (?:informar|avisar|comunicar|contactar|llamar|escribir|hablar|visitar))\b",
    ),
    "en": (
        r"\bwe(?: will|'ll| shall| may| might| must| are going to| have to)*"
        r"\s(?:contact|inform|tell|notify|call|visit|speak|talk|write)\b",
    ),
    "pt": (
        r"\b(?:informaremos|avisaremos|comunicaremos|contataremos|ligaremos)\b",
        r"\b(?:escreveremos|falaremos)\b",
        r"\b(?:notificaremos|entraremos em contato|vamos (?:informar|avisar|comunicar|contatar|ligar|falar))\b",
    ),
}
_PASSED_ON = {
    "es": (r"\b(?:digale|avisele|informele|transmitale|recuerdele)\b[^.]{0,80}\b(?:debe|deuda|vencid\w+|atras\w+)\b",),
    "en": (r"\b(?:tell|inform|remind) (?:him|her|them)\b[^.]{0,80}\b(?:owes?|debt|overdue|arrears)\b",),
    "pt": (r"\b(?:diga a el[ea]|avise-[oa]|informe-[oa]|lembre-[oa])\b[^.]{0,80}\b(?:deve|divida|vencid\w+|atraso)\b",),
}
_COURT = {
    "es": (
        r"\b(?:juzgado|tribunal(?! de cuentas)|tribunales|fiscalia|emplazamiento|emplazad[oa]|citacion)\b",
        r"^\s*exp(?:\.|ediente) ?n",
        r"\b(?:poder judicial|ministerio publico|corte (?:suprema|superior))\b",
        r"\bse le emplaza\b",
        r"\bapercibimiento\b",
        r"\b(?:notificacion|citacion|orden|requerimiento|expediente) (?:judicial|extrajudicial|prejudicial)\b",
        r"\b(?:notificacion|citacion|orden|requerimiento|expediente) (?:pre-judicial|de embargo|de demanda)\b",
        r"\b(?:sentencia|resolucion|mandamiento|diligencia|aviso) (?:judicial|extrajudicial|prejudicial)\b",
        r"\b(?:sentencia|resolucion|mandamiento|diligencia|aviso) (?:pre-judicial|de embargo|de demanda)\b",
        r"\bcedula de (?:notificacion|citacion|emplazamiento)\b",
        r"\bcomparecer\b",
        r"\bcomparecencia\b",
        r"\bse le cita\b",
    ),
    "en": (
        r"\b(?:summons|subpoena|tribunal|magistrate|bailiffs?|plaintiff|defendant|docket)\b",
        r"\bwrit of\b",
        r"\b(?:county|district|high|supreme|small claims) court\b",
        r"\bcourt (?:order|notice|hearing|date|summons|claim|judgment)\b",
        r"\bjudicial\b",
        r"\bhereby (?:ordered|summoned|served)\b",
        r"\bnotice of (?:seizure|lawsuit|proceedings|judgment|enforcement)\b",
        r"\bpre-?legal\b",
    ),
    "pt": (
        r"\b(?:intimacao|intimad[oa]|citacao|tribunal(?! de contas)|juizado|oficial de justica|poder judiciario)\b",
        r"\bedital de (?:citacao|intimacao|leilao)\b",
        r"\bvara civel\b",
        r"\bmandado de\b",
        r"\b(?:notificacao|citacao|ordem|aviso) (?:judicial|extrajudicial|pre-judicial)\b",
        r"\b(?:em|perante o) juizo\b",
        r"\bcomparec(?:er|imento) (?:em|perante)\b",
    ),
}
_WHY = {
    "es": (
        r"\bpor que (?:razon |motivo )?(?:aun |todavia )?no (?:ha |han |nos ha |ha sido )?(?:pag|cancel|cumpl)\w*",
        r"\bpor que (?:razon |motivo )?(?:aun |todavia )?no (?:quiere|puede|pudo)\w* (?:pag|cancel|cumpl)\w*",
        r"\b(?:motivo|razon) (?:del|de la|de su) (?:no pago|atraso|retraso|demora|impago|mora|falta de pago)\b",
        r"\ba que se deb(?:e|io) (?:el|la|su) (?:no pago|atraso|retraso|demora|impago|mora|falta de pago)\b",
        r"\bque (?:le|les|lo|la) impid(?:e|io) (?:pag|cancel|cumpl)\w*",
    ),
    "en": (
        r"\bwhy (?:have(?:n't)? you|haven't you|you have|you did|did you|didn't you)(?: not)? (?:paid|pay)\b",
        r"\bwhy (?:do|did|can|could)(?: you not|n't you) (?:want to )?pay\b",
        r"\breason (?:for|you) (?:the non-?payment|not paying|have not paid|cannot pay|could not pay)\b",
        r"\breason (?:for|of) (?:the|your) (?:delay|arrears|late payment)\b",
    ),
    "pt": (
        r"\bpor que (?:ainda )?nao (?:pagou|pagaram|foi pago|quitou)\b",
        r"\bpor que (?:ainda )?nao (?:quer|pode|conseguiu) (?:pagar|quitar)\b",
        r"\b(?:motivo|razao) de nao (?:poder |querer )?(?:pagar|quitar)\b",
        r"\b(?:motivo|razao) (?:do|da|de) (?:nao pagamento|atraso|inadimplencia|falta de pagamento)\b",
    ),
}


def _any(patterns: Mapping[str, tuple[str, ...]], language: str) -> str:
    return f"(?:{'|'.join(patterns[language])})"


def _compiled(patterns: Mapping[str, tuple[str, ...]]) -> dict[str, re.Pattern[str]]:
    return {language: re.compile("|".join(patterns[language])) for language in LANGUAGES}


_THIRD_PARTY = {
    language: (rf"{_any(_TOLD, language)}[^.]{{0,50}}\b{_any(_RELATIVES, language)}\w*", *_PASSED_ON[language])
    for language in LANGUAGES
}
RULES: Mapping[str, Mapping[str, re.Pattern[str]]] = {
    "debtor": _compiled(_DEBTOR),
    "threat": _compiled(_THREAT),
    "bureau": _compiled(_BUREAU),
    "shame": _compiled(_SHAME),
    "third_party": _compiled(_THIRD_PARTY),
    "court": _compiled(_COURT),
    "why": _compiled(_WHY),
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
    r"\b(?:URGENTE?|URGÊNCIA|INMEDIAT[OA]|INMEDIATAMENTE|IMEDIAT[OA]|IMEDIATAMENTE|IMMEDIATE|IMMEDIATELY|ÚLTIM[OA]|ULTIM[OA]|ULTIM[ÁA]TUM"
    r"|FINAL|ATENCIÓN|ATENCION|ATENÇÃO|ATTENTION|IMPORTANTE?|AVISO|NOTICE|WARNING|ADVERTENCIA|ADVERTÊNCIA|PAGUE|PAY|DEUDA"
    r"|DÍVIDA|DEBT|VENCID[OA]S?|OVERDUE|DEBE|DEVE|HOY|HOJE|TODAY|NOW|YA|JÁ|NUNCA|NEVER|MUST)\b|!{2,}"
)
"""Words in capitals that press, and shouting; acronyms (RUC, IBAN) and an opt-out's BAJA, STOP or SAIR do not."""
