"""How people say what matters in an answer, in Spanish, English and Portuguese: patterns over sentences as `words.plain` leaves them.

Each outcome has what says it and what takes it back within the same sentence. They are made to miss rather than to invent: a person
reads every answer anyway, and a wrong suggestion costs more than none.
"""

# ruff: noqa: E501 - a pattern reads best on one line

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Phrases:
    """What says an outcome, and what takes it back."""

    says: re.Pattern[str]
    unless: re.Pattern[str]


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


_NEVER: Final = re.compile(r"(?!)")

PAID: Final = Phrases(
    _any(
        # es
        r"\bya (?:lo |la |los |las |les |se |le )*(?:pague|pagamos|pago|pagaron|abone|abonamos|abono|cancele|cancelamos la|cancelamos el|"
        r"cancelo|transferi|transferimos|deposite|depositamos|fue pagad|fue cancelad|fue abonad|fueron pagad|fueron cancelad|esta pagad|"
        r"estan pagad|esta cancelad|estan cancelad|quedo pagad|quedo cancelad|ha sido pagad|"
        r"(?:realice|realizamos|hice|hicimos|efectue|efectuamos|realizo|hizo|efectuo) (?:el|la|un|una|los|su) (?:pago|transferencia|deposito|abono))",
        r"\b(?:he|hemos|ha|han|habiamos|se ha) (?:ya )?(?:pagado|abonado|cancelado (?:la|el|las|los|su|dicha|esa)|transferido|depositado|"
        r"(?:realizado|efectuado|hecho) (?:ya )?(?:el|la|los|un|una|su) (?:pago|transferencia|deposito|abono))",
        r"\b(?:pago|transferencia|deposito|abono|factura|cuota|facturas) (?:ya )?(?:se |fue |fueron |ha sido |han sido |esta |estan |quedo |se encuentra )+"
        r"(?:ya )?(?:pagad|realizad|hech|efectuad|cancelad|abonad|transferid|depositad|realizo|hizo|efectuo|pago|abono|cancelo)",
        r"\bse (?:realizo|hizo|efectuo|ejecuto|pago|abono|transfirio|deposito|cancelo) (?:el|la|las|los|ayer|hoy|con|por|su|dicha|mediante|un|una)\b",
        r"\b(?:realice|realizamos|hice|hicimos|efectue|efectuamos) (?:ya )?(?:el|la|un|una|su) (?:pago|transferencia|deposito|abono)\b",
        r"\b(?:adjunt\w+|envi(?:o|amos)|les? (?:paso|envio|adjunto|comparto)|comparto|te paso|remit(?:o|imos))\b.{0,25}\b(?:comprobante|constancia|voucher|sustento|justificante|boucher)\b",
        r"\b(?:pague|pagamos|abone|abonamos|transferi|transferimos|deposite|depositamos) (?:la |el |las |los |su )?(?:\w+ ){0,3}(?:ayer|anteayer|hoy|el \w+ pasado|la semana pasada)\b",
        # en
        r"^paid (?:it |this |that )?(?:in full\b|yesterday|today|already|last|on|by)\b|\bpayment (?:already )?went out\b",
        r"\b(?:i|we|they|company|he|she)(?:'ve| have| had)? (?:already |just |now )?(?:paid|settled|wired|transferred|remitted)\b",
        r"\balready (?:been )?(?:paid|settled|wired|transferred)\b",
        r"\b(?:payment|transfer|wire|invoice|invoices|it|this) (?:was|were|has been|have been|is|are) (?:already )?(?:made|sent|processed|issued|executed|paid|settled|completed|remitted)\b",
        r"\b(?:made|sent|issued|processed) (?:the|a|your|this|our) (?:payment|wire|transfer|money)\b",
        r"\b(?:attached|enclosed|please find|here is|here's)\b.{0,25}\b(?:proof of payment|payment confirmation|remittance|receipt of (?:the )?(?:payment|transfer)|payment receipt|swift)\b",
        # pt
        r"\bja (?:pagamos|paguei|pagou|pagaram|foi pag|foram pag|esta pag|estao pag|esta quitad|quitamos|quitei|liquidamos|transferimos|depositamos|depositei|"
        r"(?:fizemos|fiz|efetuamos|efetuei|realizamos|realizei) (?:o|a|um|uma) (?:pagamento|pix|transferencia|deposito))",
        r"\b(?:paguei|quitei|transferi|depositei|pagamos|quitamos|transferimos) (?:(?:a|o|as|os|tudo|isso|essa|esse) (?:\w+ ){0,2})?(?:ontem|hoje|anteontem|na semana passada)\b",
        r"\b(?:foi|foram) (?:ja )?(?:pag[oa]s?|quitad[oa]s?|liquidad[oa]s?)\b",
        r"\b(?:pagamento|pix|transferencia|deposito) (?:ja )?(?:foi |esta )?(?:realizad|efetuad|feit)",
        r"\b(?:fizemos|fiz|efetuamos|efetuei|realizamos|realizei) (?:o|a|um|uma) (?:pagamento|pix|transferencia|deposito)\b",
        r"\b(?:segue|anexo|envio|encaminho|enviamos)\b.{0,25}\bcomprovante\b",
    ),
    _any(
        r"\b(?:no|nao|not|never|aun no|todavia no|nunca|sin|sem)\b (?:\w+ ){0,4}(?:pag|abon|cancel|transf|deposit|realiz|hech|hiz|efect|efet|feit|paid|sett|quit|sent|made|proces|been|receiv|recib)",
        r"n't\b",
        r"\b(?:cuando|una vez|apenas|en cuanto|tan pronto|si ya|si se|si la|si el|si han|si hemos|once|when|if|until|as soon as|unless|before|antes de|quando|assim que|se ja|se foi|caso|hasta que|ate que|sera|seran|will be|to be|va a ser|por ser)\b",
        # not sure of it, or it came back
        r"\b(?:creo|supuestamente|supongo|parece|tal vez|quizas?|posiblemente|imagino|segun (?:ellos|me dicen)|deberia|i think|i believe|i guess|supposedly|maybe|perhaps|probably|should|acho|talvez|provavelmente|deveria)\b",
        r"\b(?:rebot|devolvi|devuel|rechaz|anulad|extorn|bounced|returned|rejected|reversed|declined|estorn|recusad)",
        r"\b(?:paid|settled) (?:by|from) (?:our|my|the) (?:client|customer)|\bpaid (?:staff|leave|holiday|vacation|plan|version)\b|\bbeen paid by\b",
        r"\bno (?:nos|me) (?:han|ha) pagado\b",
        r"\?",
    ),
)
PROMISES: Final = Phrases(
    _any(
        # es
        r"\b(?:pagaremos|pagare|pagara|pagaran|abonaremos|abonare|abonara|cancelaremos|cancelare|cancelara|transferiremos|transferire|depositaremos|depositare|liquidaremos)\b",
        r"\b(?:vamos|voy|van|va) a (?:pagar|abonar|cancelar|transferir|depositar|realizar (?:el|la)|hacer (?:el|la)|efectuar (?:el|la))\b",
        r"\b(?:estar(?:emos|e|an|a)) (?:pagando|abonando|cancelando|transfiriendo|depositando|realizando el|efectuando el|regularizando)\b",
        r"\b(?:haremos|hare|hara|realizaremos|realizare|efectuaremos|efectuare) (?:el|la|un|una|su) (?:pago|transferencia|deposito|abono)\b",
        r"\b(?:se |les )?(?:estara pagando|estaran pagando|estara abonando|estara cancelando|realizara el pago|hara el pago|efectuara el pago)\b",
        r"\b(?:pago|pagos|transferencia|deposito|abono) (?:\w+ ){0,4}(?:programad[oa]s?|agendad[oa]s?|se hara|se realizara|se efectuara|saldra|sale|estara|sera)\b",
        r"\b(?:programad[oa]s?|agendad[oa]s?) (?:el pago|la transferencia|para (?:el|este|la|manana))\b",
        r"\b(?:me comprometo|nos comprometemos|prometo|prometemos) (?:a|en|que)\b",
        # in the present, as people speak: "te pago mañana", "el viernes le deposito"; "el pago" is a thing
        r"\b(?:le|les|te|se lo|se la|se los|se las|lo|la|yo) (?:pago|deposito|abono|yapeo|plineo)\b|\b(?:transfiero|cancelo|yapeo)\b",
        r"^(?:pago|deposito|abono) (?:todo |completo |la factura |el saldo |el total )?(?:el|este|manana|pasado|hoy|la|a fin|en|amanha|na|no|ate)\b",
        # en
        r"\b(?:will|shall|'ll|going to|plan to|planning to|expect to|promise to|commit to|intend to|are to) (?:\w+ ){0,4}(?:pay|paid|settle|settled|transfer|wire|remit|send (?:the|your|you|a) (?:payment|money|wire)|make (?:the|a|this) (?:payment|transfer)|process (?:the|your|this) payment)\b",
        r"\bpayment (?:\w+ ){0,3}(?:scheduled|planned|go out|goes out|leave|arrive|be made|be sent|be released|be processed)\b",
        r"\bscheduled (?:the|your|this) (?:payment|transfer|wire)\b",
        r"\byou (?:will|'ll) (?:have|receive|get) (?:the|your|our) (?:payment|money|funds)\b",
        # pt
        r"\b(?:pagaremos|pagarei|quitaremos|quitarei|transferiremos|depositaremos|liquidaremos)\b",
        r"\b(?:vamos|vou|iremos|irei|vai) (?:pagar|quitar|transferir|depositar|liquidar|fazer (?:o|a|um)|efetuar (?:o|a)|realizar (?:o|a))\b",
        r"\b(?:faremos|farei|efetuaremos|realizaremos) (?:o|a|um|uma) (?:pagamento|pix|transferencia|deposito)\b",
        r"\bpagamento (?:\w+ ){0,3}(?:agendad|programad|previst|sera|saira|sai)\w*",
        r"\b(?:sera|serao) (?:pag[oa]s?|feito o pagamento|quitad[oa]s?)\b",
    ),
    _any(
        r"\b(?:no|nao|not|never|nunca)\b (?:\w+ ){0,3}(?:pag|abon|cancel|transf|deposit|realiz|har|podr|pode|pay|be|able|vamos|voy|vou|sera|settle|send|saira)",
        r"n't\b|\bwon't\b|\bcannot\b",
        r"\b(?:siempre|cada|todos los|todas as|sempre|always|every)\b|\blos (?:lunes|martes|miercoles|jueves|viernes|sabados|domingos)\b",
        r"\b(?:si nos|si no|si ustedes|siempre que|siempre y cuando|if you|unless|provided|caso|desde que|se voces|hasta que|until you|ate que|once you|cuando nos|cuando recibamos|cuando ustedes|quando receb)\b",
        r"\bno (?:creo|se) (?:que|si|cuando)\b",
        r"\?",
    ),
)
DISPUTES: Final = Phrases(
    _any(
        # es
        r"\bno (?:reconocemos|reconozco|(?:nos |me |le )?corresponde|es nuestr[oa]|estamos de acuerdo|estoy de acuerdo|procede|aceptamos|acepto|debemos)\b",
        r"\b(?:no|nunca|jamas) (?:hemos recibido|he recibido|recibimos|recibi|nos llego|nos ha llegado|nos entregaron|se presto|se realizo|se entrego|nos brindaron|nos prestaron) "
        r"(?:el|la|los|las|ese|esa|dicho|dicha|ningun|ninguna|este|esta|completo el) (?:servicio|producto|productos|mercaderia|mercancia|pedido|material|materiales|capacitacion|trabajo|equipo)",
        r"\b(?:factura|facturas|monto|importe|cobro|cargo|precio|valor|igv|iva|cantidad)\b.{0,25}\b(?:incorrect|errad|errone|equivocad|duplicad|mal (?:emitid|calculad|facturad)|observad|no coincide|no cuadra)",
        r"\b(?:hay|existe|tiene|contiene|encontramos) (?:un |una )?(?:error|diferencia|discrepancia)\w* (?:en|con|de)\b",
        r"\bfaltan? (?:\w+ ){0,2}notas? de credito\b",
        r"\b(?:en disputa|disputamos|impugnamos|rechazamos la factura|rechazamos el cobro|cobro indevid|cobro indebid|factura observada|observamos la factura)\b",
        r"\bnos (?:estan|han) (?:cobrando|cobrado|facturado) (?:de mas|dos veces|doble)\b",
        # en
        r"\b(?:we|i) (?:dispute|are disputing|am disputing|contest|do not recognize|don't recognize|do not owe|don't owe|do not agree with|don't agree with|reject)\b|\b(?:invoice|charge|order)s? (?:is not|isn't|are not|aren't) ours\b",
        r"\b(?:never|not|n't) (?:yet )?(?:received|get|got|receive|delivered) (?:the|this|these|any|those|your|our) (?:goods|service|services|order|product|products|delivery|items|training|work)\b",
        r"\b(?:wrong|incorrect) (?:amount|invoice|price|quantity|total|vat|tax)\b|\b(?:amount|invoice|price|quantity|total) (?:is|was|looks|seems) (?:wrong|incorrect|not correct|not right)\b",
        r"\b(?:overcharged|charged twice|billed twice|double billed|duplicate invoice|does not match (?:our|the) (?:order|contract|agreement|po))\b",
        # pt
        r"\bnao (?:reconhecemos|reconheco|concordamos|concordo|devemos|aceitamos)\b",
        r"\bnao (?:recebemos|recebi|foi (?:prestado|entregue|realizado)) (?:o|a|os|as|esse|essa|nenhum|nenhuma) (?:servico|produto|produtos|mercadoria|pedido|material|treinamento|equipamento)",
        r"\b(?:valor|fatura|nota|boleto|cobranca|preco|quantidade)\b.{0,25}\b(?:incorret|errad|duplicad|em duplicidade|indevid|divergent)",
        r"\b(?:contestamos|contesto|cobranca indevida|em disputa)\b",
    ),
    _any(
        r"\b(?:no (?:hay|tenemos|existe)|sin|without|no longer|not|nao ha|sem) (?:\w+ ){0,2}(?:disput|error|erro|diferencia|discrepancia|incorrect|wrong)",
        r"\b(?:ya (?:se )?(?:corrigio|aclaro|resolvio|fue (?:corregid|resuelt))|was (?:corrected|resolved)|resolved|corrected|foi (?:corrigid|resolvid))",
        r"\bno (?:es|seria) (?:correcto|cierto|verdad)\b|\b(?:jamas|nunca) (?:dij|hemos dicho)",
        r"\b(?:fecha|direccion|correo|email|address|date) (?:\w+ ){0,2}(?:incorrect|errad|equivocad|wrong)",
        r"\b(?:wrong|incorrect) (?:person|address|email|department)\b",
    ),
)
ASKS_TIME: Final = Phrases(
    _any(
        # es
        r"\b(?:necesit\w+|solicit\w+|ped(?:imos|ir|irles|irle)|pido|requerimos|pueden dar\w*|puede dar\w*|podrian (?:dar|otorgar|conceder)\w*|podria (?:dar|otorgar|conceder)\w*|nos dan|nos den|nos da|quisiera\w*|"
        r"queremos|quiero|agradecer\w+|es posible|seria posible|habria posibilidad)\b.{0,60}\b(?:plazo|prorroga|unos dias|mas dias|dias mas|dias adicionales|mas tiempo|fraccion\w+|en (?:\w+ )?cuotas|plan de pagos?|facilidades|refinanci\w+|reprogramar|aplaz\w+|"
        r"semana mas|semanas mas|pagar en partes|postergar)",
        r"\b(?:pagar|cancelar|abonar|pagarl[oae]s?|fraccionarl[oae]s?) en (?:\d+|dos|tres|cuatro|cinco|seis|varias) (?:cuotas|partes|armadas|pagos)\b",
        r"\bno (?:podemos|podremos|puedo|podre|vamos a poder|voy a poder|tenemos como|tengo como) (?:\w+ ){0,2}(?:pagar|cancelar|abonar|transferir|depositar|cumplir)",
        r"\bno (?:contamos|cuento) con (?:los |el |la )?(?:fondos|liquidez|dinero|presupuesto)|\bno (?:tenemos|tengo|hay) (?:\w+ )?(?:fondos|liquidez|dinero|plata|caja|presupuesto)\b",
        r"\b(?:sin|falta de|problemas? de) (?:liquidez|fondos|caja|flujo)\b",
        r"\b(?:necesit(?:o|amos)|deme|denos|dame|danos|me da|me dan|nos da|nos dan|podrian? esperar|puede[ns]? esperar\w*|esperenos|espereme)(?: un poco)?(?: de)?(?: mas)?(?: chance| oportunidad| plazo| tiempo)? (?:hasta (?:el|la|fin|manana|quincena|\d)|unos dias|un par de dias|un(?:a|as|os)? (?:dias?|semanit?as?|quincena|plazo|poco mas)|mas (?:dias|tiempo|plazo))",
        # en
        r"\b(?:need|ask for|asking for|request|requesting|give us|give me|grant us|allow us|could we|can we|could i|can i|would it be possible|possible to)\b.{0,60}\b(?:more time|few (?:more )?days|few more weeks|extra (?:days|time|week)|another (?:week|month|\d+ days)|extension|extend|payment plan|instal?lments?|pay in parts|postpone|defer)",
        r"\b(?:cannot|can't|can not|unable to|not (?:be )?able to|won't be able to) (?:\w+ ){0,2}(?:pay|settle)\b",
        r"\b(?:can|could|would) you (?:please )?(?:wait|hold off|give (?:me|us)) (?:\w+ ){0,2}(?:until|till|days?|weeks?|more time)\b",
        # pt
        r"\b(?:precis\w+|solicit\w+|ped(?:imos|ir)|peco|gostari\w+|poderi\w+|podem|pode|queremos|quero|seria possivel|e possivel)\b.{0,60}\b(?:prazo|mais tempo|(?:mais )?(?:alguns |uns )(?:mais )?dias|mais dias|mais uma semana|prorrog\w+|parcel\w+|adiar|renegoci\w+)",
        r"\bnao (?:temos|tenho|podemos|posso|conseguimos|consigo|vamos conseguir|teremos) (?:como )?(?:pagar|quitar|condicoes de pagar|recursos|caixa)\b",
    ),
    _any(
        r"\bno (?:necesitamos|necesito|queremos|solicitamos)\b|\b(?:do not|don't) need\b|\bnao (?:precisamos|queremos)\b",
        r"\b(?:plazo de entrega|delivery time|prazo de entrega|plazo del contrato|plazo de garantia)\b",
        r"\bno podemos (?:ver|abrir|descargar|ingresar|acceder|encontrar)\b",
    ),
)
WRONG_PERSON: Final = Phrases(
    _any(
        # es
        r"\b(?:ya no|no) (?:trabajo|trabaja|labora|laboro|pertenece|pertenezco|forma parte|formo parte|se desempena)\b(?: mas)?(?: \w+){0,4} (?:en|para|de|a|con|aqui|aca)\b|\bya no (?:trabaja|labora|trabajo|laboro)\b",
        r"\b(?:dejo|deje) de (?:trabajar|laborar|pertenecer)\b|\b(?:fue|ha sido) (?:desvinculad|cesad)|\bse (?:retiro|desvinculo) de la (?:empresa|compania|institucion)\b",
        r"\bya no (?:soy|es) (?:el|la|su|parte)\b.{0,30}\b(?:responsable|encargad|contacto|contador|contadora|persona|empresa)|\bno soy (?:el|la) (?:persona|responsable|encargad)\w*",
        r"\bya no (?:esta|se encuentra|estoy|me encuentro) (?:mas )?(?:en (?:la |esta |nuestra )?(?:empresa|compania|institucion|organizacion)|con nosotros|laborando|trabajando)",
        r"\bno (?:veo|manejo|llevo|atiendo) (?:es[eo]s?|estos?|est[ea]|el|los|la|las|lo de) (?:temas?|asuntos?|pagos?|area|cuentas?)\b",
        r"\beste (?:correo|numero|telefono|celular|whatsapp|email) (?:ya )?no (?:es|pertenece|corresponde)\b|\bnumero equivocado\b",
        r"\b(?:se (?:han )?equivoc\w+ de (?:persona|correo|empresa|destinatario)|(?:persona|correo|destinatario) equivocad[oa])\b",
        # en
        r"\bno longer (?:works?|working|employed|with (?:the|our|us)|at|part of|the (?:right|contact|person|responsible)|responsible|handles?|in charge)\b",
        r"\b(?:has |have |had )?left (?:the |our |this )(?:company|firm|organi[sz]ation|business)\b|\b(?:does|do) ?n[o']t work (?:here|there|for|at)\b",
        r"\b(?:wrong (?:person|contact|recipient|e-?mail|address|number)|not the (?:right|correct) (?:person|contact))\b",
        # pt
        r"\b(?:nao|ja nao) (?:trabalho|trabalha|faz parte|faco parte|atua)\b(?:.{0,30})\b(?:mais|aqui|empresa)\b|\b(?:ja )?nao trabalha (?:mais|conosco)\b|\bja nao trabalho\b",
        r"\b(?:saiu|desligou-se|se desligou|foi desligad[oa]|desligad[oa]) (?:da empresa|da companhia|do quadro)\b|\bdeixou a empresa\b",
        r"\b(?:pessoa errada|e-?mail errado|contato errado|destinatario errado)\b|\bnao sou (?:mais )?(?:o|a) (?:responsavel|pessoa|contato)",
    ),
    _any(
        r"\b(?:los|as|aos|on) (?:lunes|martes|miercoles|jueves|viernes|sabados?|domingos?|fines de semana|feriados|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|weekends)\b|\b(?:por|en) las (?:tardes|mananas|noches)\b",
        r"\b(?:portal|sistema|enlace|link|cuenta bancaria|product|website|system|banco)\b",
        r"\?",
    ),
)
ASKS_COPY: Final = Phrases(
    _any(
        # es
        r"\b(?:pueden?|podrian?|podria|favor|agradecer\w+|solicit\w+|necesit\w+|requier\w+|requerimos|sirvan?se|quisiera|me|nos)\b.{0,40}\b(?:env[ií]\w+|mand\w+|reenvi\w+|remit\w+|facilit\w+|compart\w+|pas\w+|adjunt\w+)\b.{0,40}\b(?:copia|factura|facturas|estado de cuenta|detalle|recibo|pdf|xml|comprobante de la factura)",
        r"\b(?:envie|envien|mande|manden|reenvie|reenvien|remitan|envia|manda|compartan?)(?:me|nos|la|las)\w*\b.{0,40}\b(?:copia|factura|facturas|estado de cuenta|detalle|pdf)",
        r"\b(?:solicit\w+|necesit\w+|requier\w+|requerimos)\b.{0,25}\b(?:copia|estado de cuenta|duplicado)\b",
        r"\bno (?:hemos recibido|he recibido|tenemos|tengo|me llego|nos llego|nos ha llegado|encuentro|encontramos|recibimos|recibi|ubicamos|ubico) (?:la|las|esa|esas|su|sus|dicha|ninguna|esta|copia de la) (?:factura|facturas)\b",
        # en
        r"\b(?:can|could|would|please|kindly|need|request)\b.{0,30}\b(?:send|resend|re-send|forward|share|provide|email|e-mail|get|have)\b.{0,40}\b(?:cop(?:y|ies)|invoices?|statement|pdf)\b",
        r"\b(?:have not|haven't|did not|didn't|never) (?:received?|got|get) (?:the|your|this|an|any|that) invoices?\b|\bdo(?:n't| not) have (?:the|this|that|a copy of the) invoice\b",
        # pt
        r"\b(?:pode|podem|poderia|poderiam|favor|gentileza|solicit\w+|precis\w+|me|nos)\b.{0,40}\b(?:envi\w+|mand\w+|reenvi\w+|encaminh\w+)\b.{0,40}\b(?:copia|fatura|nota fiscal|nf|boleto|extrato|segunda via|2a via)\b",
        r"\b(?:segunda via|2a via) (?:do|da|de)\b|\bnao (?:recebemos|recebi|temos|localizamos|encontrei) (?:a|o|as|os|essa|esse) (?:fatura|nota fiscal|nota|boleto|faturas|notas)\b",
    ),
    _any(
        r"\b(?:ya (?:la )?(?:recibi|recibimos|llego)|already received|ja recebemos)\b",
        r"\b(?:ya|les|le|te) (?:envi(?:e|amos)|mand(?:e|amos))\b",
        r"\b(?:comprobante|constancia|voucher) de (?:pago|transferencia)\b",
    ),
)
OPT_OUT: Final = Phrases(
    _any(
        r"\b(?:no (?:me|nos) (?:escriban?|envien?|contacten?|manden?|escribas|llamen?)(?: \w+){0,3} mas|no (?:me|nos) vuelvan a (?:escribir|enviar|contactar|mandar|llamar|molestar))\b",
        r"\b(?:dejen?|paren?) de (?:escribir|enviar|mandar|contactar|molestar|llamar|acosar)(?:me|nos)\b",
        r"\b(?:dar(?:me|nos) de baja|denme de baja|dar de baja (?:mi|este|nuestro|el|a este) (?:correo|email|e-mail|contacto|suscripcion)|quiero la baja|solicito (?:mi |la )?baja (?:de|del) (?:sus|su|la lista|los correos|correo))\b",
        r"\b(?:stop (?:emailing|contacting|writing|sending|messaging)|(?:do not|don't) (?:contact|email|e-mail|write to|message|write) (?:me|us)|unsubscribe (?:me|us)|remove (?:me|us|my (?:e-?mail|address)) from)\b",
        r"\b(?:nao (?:me|nos) (?:enviem?|mandem?|contatem?|escrevam?) mais|pare(?:m)? de (?:me |nos )?(?:enviar|mandar|escrever|contatar)|descadastr\w+|remov(?:a|am|er) (?:meu|nosso) (?:e-?mail|contato))\b",
    ),
    _any(
        r"\b(?:servicio|suscripcion|contrato|seguro|linea|plan) (?:\w+ )?(?:de baja|dado de baja)\b",
        r"\bde baja (?:medica|por|laboral)\b",
    ),
)
STOP_WORDS: Final = frozenset(
    {
        "baja",
        "stop",
        "sair",
        "unsubscribe",
        "alto",
        "cancelar suscripcion",
        "remover",
        "parar",
        "stopall",
        "darme de baja",
        "dar de baja",
        "no mas correos",
    }
)
"""Words that, alone, ask not to be written to any more."""

AMOUNT: Final = re.compile(
    r"(?P<before>S/\.?|US\$|R\$|MX\$|\$|€|£|USD|EUR|PEN|CLP|MXN|COP|BRL|ARS|UYU|soles|d[oó]lares)\s?(?P<one>\d[\d.,' ]*\d|\d)"
    r"|(?P<two>\d[\d.,']*\d|\d)\s?(?P<after>USD|EUR|PEN|CLP|MXN|COP|BRL|ARS|UYU|€|soles|d[oó]lares|dollars|euros|pesos|reais)(?!\w)",
    re.IGNORECASE,
)
OPERATION: Final = re.compile(
    r"\b(?:operaci[oó]n|transacci[oó]n|transa[cç][aã]o|transferencia|transfer[eê]ncia|transfer|referencia|refer[eê]ncia|reference|ref|transaction|tracking|comprobante|"
    r"comprovante|constancia|voucher|op|folio|autenticaci[oó]n|opera[cç][aã]o)\b\.?\s*(?:de operaci[oó]n\s*)?(?:bancaria\s*)?(?:n[uú]mero|number|n[º°o.]*|nro\.?|num\.?|no\.?|id|#)?\s*[:#]?\s*"
    r"(?P<number>(?=[A-Z0-9-]*\d{4})[A-Z0-9][A-Z0-9-]{3,24})\b",
    re.IGNORECASE,
)
CURRENCIES: Final = {
    "s/": "PEN", "s/.": "PEN", "soles": "PEN", "us$": "USD", "dolares": "USD", "dollars": "USD", "r$": "BRL", "reais": "BRL",
    "mx$": "MXN", "€": "EUR", "euros": "EUR", "£": "GBP",
}  # fmt: skip
"""The currency a sign stands for; "$" and "pesos" are shared by many and stand for none."""
