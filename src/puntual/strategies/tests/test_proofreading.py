"""What must never go out, and what may: sentences to be read, in three languages."""

import pytest

from puntual.conduct.packs import packs
from puntual.strategies.lengths import sms_length
from puntual.strategies.manual import LANGUAGES
from puntual.strategies.proofreading import (
    SAYINGS,
    Fault,
    asked_by,
    faults_in_message,
    fold,
    proofread,
    reaches_persons,
)
from puntual.strategies.texts import Audience, Place, Text, builtin, builtin_places

EMAIL, SMS, CALL = Place("firm", "email"), Place("firm", "sms"), Place("firm", "call")
EVERYWHERE = frozenset(packs()) | {"XX"}

NEVER = [
    ("es", "debtor", "Estimado deudor: le recordamos su compromiso."),
    ("es", "debtor", "Usted figura como moroso desde enero."),
    ("es", "threat", "Procederemos al embargo de sus bienes."),
    ("es", "threat", "De lo contrario iniciaremos acciones legales inmediatas."),
    ("es", "threat", "Puede terminar en la cárcel."),
    ("es", "threat", "Nos veremos obligados a demandarlo."),
    ("es", "threat", "Pasaremos a cobranza judicial sin más aviso."),
    ("es", "threat", "Aténgase a las consecuencias."),
    ("es", "threat", "Remataremos sus bienes."),
    ("es", "bureau", "Si no paga mañana lo reportaremos a Infocorp."),
    ("es", "bureau", "Evite que su historial crediticio se vea afectado."),
    ("es", "bureau", "Será incluido en las centrales de riesgo."),
    ("es", "shame", "Debería darle vergüenza."),
    ("es", "shame", "Actúa de mala fe, como un mal pagador."),
    ("es", "shame", "Publicaremos su nombre en nuestra página."),
    ("es", "third_party", "Informaremos a su empleador de esta situación."),
    ("es", "third_party", "Llamaremos a sus familiares y vecinos."),
    ("es", "third_party", "Dígale a su jefe que avise; dígale que debe tres facturas."),
    ("es", "court", "NOTIFICACIÓN JUDICIAL: expediente 2026-114"),
    ("es", "court", "Cédula de notificación n.º 12"),
    ("es", "court", "Se le cita a comparecer el lunes a las 9:00."),
    ("es", "court", "Aviso prejudicial del juzgado"),
    ("es", "pressure", "PAGUE HOY"),
    ("es", "pressure", "Es URGENTE que responda."),
    ("es", "pressure", "¡¡Responda ahora!!"),
    ("es", "pressure", "Necesitamos que REGULARICE SU SITUACIÓN CUANTO ANTES"),
    ("es", "threat", "Procederemos por la vía legal."),
    ("es", "threat", "Será demandado el lunes."),
    ("es", "bureau", "Su nombre aparecerá en listas de morosidad."),
    ("es", "shame", "Todos sabrán que no paga."),
    ("es", "third_party", "Iremos a su trabajo."),
    ("es", "court", "CITACIÓN"),
    ("es", "court", "Exp. N° 123-2026, Corte Superior"),
    ("en", "debtor", "Dear debtor, a word about your account."),
    ("en", "threat", "We will take you to court."),
    ("en", "threat", "Failing payment we will start legal action."),
    ("en", "threat", "You could be arrested."),
    ("en", "threat", "We will garnish your wages."),
    ("en", "bureau", "This will damage your credit rating."),
    ("en", "bureau", "We report to the credit bureaus on Friday."),
    ("en", "shame", "You should be ashamed."),
    ("en", "shame", "We will publish your name."),
    ("en", "third_party", "We will call your employer."),
    ("en", "third_party", "We may have to contact your family."),
    ("en", "court", "Summons"),
    ("en", "court", "Notice of proceedings"),
    ("en", "pressure", "FINAL NOTICE"),
    ("en", "pressure", "Pay NOW, please."),
    ("en", "threat", "We will start proceedings against you."),
    ("en", "court", "Official notice from the county court"),
    ("pt", "debtor", "Prezado devedor:"),
    ("pt", "threat", "O senhor será processado."),
    ("pt", "threat", "Acionaremos a Justiça."),
    ("pt", "court", "Citação"),
    ("pt", "debtor", "Consta como inadimplente."),
    ("pt", "threat", "Seus bens serão objeto de penhora."),
    ("pt", "threat", "Tomaremos as medidas judiciais cabíveis."),
    ("pt", "threat", "O título será enviado a protesto."),
    ("pt", "threat", "Isso pode dar cadeia."),
    ("pt", "bureau", "Seu nome irá para o Serasa."),
    ("pt", "bureau", "Vamos negativar o seu CPF."),
    ("pt", "shame", "O senhor age de má-fé."),
    ("pt", "third_party", "Avisaremos o seu chefe."),
    ("pt", "court", "Intimação"),
    ("pt", "court", "Notificação extrajudicial"),
    ("pt", "pressure", "ÚLTIMO AVISO"),
]
WELL_SAID = [
    ("es", "Sin embargo, si ya pagó, envíenos la constancia y lo damos por resuelto."),
    ("es", "Este es nuestro último aviso antes de que {creditor_name} decida cómo continuar."),
    ("es", "Hasta entonces, una respuesta suya basta para detenerlo."),
    ("es", "A su juicio, ¿qué parte no corresponde? Con gusto la revisamos."),
    ("es", "La nota de crédito NC01-12 ya está aplicada; su línea de crédito no cambia."),
    ("es", "Por la mayor demanda de fin de año, las entregas llegan el martes."),
    ("es", "Nuestra área legal está a su disposición para explicarle el contrato."),
    ("es", "Indíquenos su número de cédula o RUC para emitir el comprobante."),
    ("es", "Para evitar fraudes, nunca cambiamos de cuenta por correo: confírmela por teléfono."),
    ("es", "Puede pagar en BCP, BBVA o INTERBANK; el CCI y el IBAN están más abajo."),
    ("es", "Responda BAJA y no le escribimos más por este medio."),
    ("es", "¿Quién aprueba la factura en su empresa y qué día calcula que estará lista?"),
    ("es", "Puede autorizar a un familiar para que hable con nosotros."),
    ("es", "Los miembros de su familia siguen inscritos en el club."),
    ("es", "La factura {first_number} lleva {days_late} vencida. ¿Qué día podemos contar con el pago?"),
    ("es", "Reporte su pago en el portal y lo registramos el mismo día."),
    ("es", "Le informaremos apenas el banco lo confirme."),
    ("es", "¡Gracias por su confianza!"),
    ("es", "Podemos llamar a su jefe de tesorería, si usted nos lo pide."),
    ("es", "Le escribiremos a su compañera de contabilidad con la copia."),
    ("es", "Adjuntamos la FACTURA ELECTRÓNICA; el depósito va al BANCO DE LA NACION."),
    ("es", "Para evitar molestias, si ya pagó no haga caso de este mensaje."),
    ("es", "Podemos pausar el servicio hasta que se resuelva, sin costo."),
    ("en", "This is our last notice before {creditor_name} decides how to go on."),
    ("en", "Your credit note and your credit terms stay as they are."),
    ("en", "To prevent fraud, we never change our bank details by e-mail."),
    ("en", "Is there an issue with the service? Tell us, and we will pursue it with our team."),
    ("en", "The tennis court is yours from nine, as always."),
    ("en", "Your insurance policy stays in force until the end of the month."),
    ("en", "We will call you on Monday, if that suits you."),
    ("en", "We will write to your colleague in accounts payable with the copy."),
    ("en", "Should somebody call for you, please tell them the invoice number."),
    ("en", "It is in arrears by {days_late}; a part payment helps as well."),
    ("en", "Reply STOP and we will write no more; our IBAN and SWIFT are below."),
    ("pt", "A sua cadeia de suprimentos não para, e a nossa também não."),
    ("pt", "Assim que o pagamento for processado, enviamos o recibo."),
    ("pt", "O boleto mandado ontem tem vencimento na sexta-feira."),
    ("pt", "Mesmo que a resposta seja negativa, diga-nos para revermos juntos."),
    ("pt", "Para evitar golpes, confira sempre o CNPJ antes de pagar por PIX."),
    ("pt", "Este é o nosso último aviso antes de decidirmos como continuar."),
    ("pt", "Se preferir, ligaremos para o senhor na segunda-feira."),
    ("pt", "Responda SAIR para não receber mais."),
    ("pt", "O pagamento será processado na segunda-feira."),
    ("pt", "Ligaremos para o seu colega do financeiro, se preferir."),
]


def _body(words: str, language: str = "es", place: Place = EMAIL, **options: object) -> tuple[Fault, ...]:
    subject = "Factura" if place.channel == "email" else ""
    private = "Un mensaje" if subject else ""
    return proofread(Text(subject, private, words), place, language, **options)  # type: ignore[arg-type]


def _said(fault: Fault) -> str:
    return f"{fault.what.format(**fault.details)} {fault.instead.format(**fault.details)}"


@pytest.mark.parametrize(("language", "code", "sentence"), NEVER)
def test_this_never_goes_out(language: str, code: str, sentence: str) -> None:
    found = [fault for fault in _body(f"Hola, {{greeting_name}}:\n\n{sentence}\n", language) if fault.code == code]
    assert found, sentence
    assert found[0].line == 3 and str(found[0].details["quote"]) in sentence


@pytest.mark.parametrize(("language", "sentence"), WELL_SAID)
def test_this_is_well_said(language: str, sentence: str) -> None:
    assert _body(sentence, language, asked=["no_question_why"]) == ()
    if "{" not in sentence:
        assert _body(f"Hola:\n{sentence}", language, Place("firm", "whatsapp")) == ()


@pytest.mark.parametrize(
    ("subject", "to_company", "to_person"),
    [
        ("Un mensaje de {creditor_name}", "", ""),
        ("{creditor_name}: le pedimos una respuesta", "", ""),
        ("Factura {first_number}: un recordatorio", "", "debt_in_subject"),
        ("Su cuenta lleva {days_late}", "", "debt_in_subject"),
        ("Sobre lo que vence el {due_date}", "", "debt_in_subject"),
        ("Una deuda por conversar", "", "debt_in_subject"),
        ("Fatura em aberto", "", "debt_in_subject"),
        ("Your overdue account", "", "debt_in_subject"),
        ("Total: {total}", "amount_in_subject", "amount_in_subject"),
        ("Quedan S/ 120.50", "amount_in_subject", "amount_in_subject"),
    ],
)
def test_what_a_subject_may_give_away(subject: str, to_company: str, to_person: str) -> None:
    for persons, code in ((False, to_company), (True, to_person)):
        assert [fault.code for fault in faults_in_message(subject, "Hola", "es", persons=persons)] == [code] * bool(
            code
        )
    text = Text("Hola", subject, "Hola")
    assert [fault.code for fault in proofread(text, EMAIL, "es")] == [to_person] * bool(to_person)


def test_a_persons_own_words_are_read_alike_and_names_are_what_they_are() -> None:
    body = (
        "Estimado TRIBUNAL CONSTITUCIONAL:\n\nF001-1  S/ 100.00\nPEN · BANCO DE LA NACION · 00-123 · SEMBRIA S.A.C.\n"
    )
    assert faults_in_message("Hola", body, "es", persons=False, names=["TRIBUNAL CONSTITUCIONAL"]) == ()
    found = faults_in_message(
        "Hola", f"{body}\nEvite el embargo.", "es-PE", persons=True, names=["TRIBUNAL CONSTITUCIONAL"]
    )
    assert [(fault.code, fault.line) for fault in found] == [("threat", 6)]


def test_an_sms_in_a_persons_own_words_has_no_subject_but_a_first_line() -> None:
    def said(body: str, *, persons: bool) -> list[str]:
        return [fault.code for fault in faults_in_message("", body, "es", "sms", persons=persons)]

    assert said("Hola, Ana, le escribe Sembria.\nQuedan S/ 100.00 de la factura F001-1.", persons=True) == []
    assert said("Hola, Ana: quedan S/ 100.00.", persons=False) == ["amount_in_preview"]
    assert said("La factura F001-1 sigue pendiente.", persons=True) == ["debt_in_preview"]
    assert said("Hola.\n" + "a" * 460, persons=True) == ["long_sms"]


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
def test_what_a_locked_phone_may_show(channel: str) -> None:
    place = Place("firm", channel)
    good = "Hola, {greeting_name}, le escribe {creditor_name}.\nLa factura {first_number} sigue pendiente: {total}."
    assert _body(good, place=place) == ()
    told = "{creditor_name}: la factura {first_number} sigue pendiente."
    assert [fault.code for fault in _body(told, place=place)] == ["debt_in_preview"]
    assert _body(told, place=place, persons=False) == ()
    assert [f.code for f in _body("Son {total}", place=place, persons=False)] == ["amount_in_preview"]


def test_a_caller_is_told_what_not_to_say_and_never_to_say_it() -> None:
    assert _body("«Buen día.»\n\nNo mencione embargos ni acciones legales.", place=CALL) == ()
    assert [f.code for f in _body("«Procederemos al embargo.»", place=CALL)] == ["threat"]
    assert [f.code for f in _body("Mencione el embargo.", place=CALL)] == ["threat"]
    assert [f.code for f in _body("«No evitará el embargo.»", place=CALL)] == ["threat"]


@pytest.mark.parametrize(
    ("place", "words", "codes"),
    [
        (EMAIL, "Hola", ["no_opt_out", "no_document"]),
        (EMAIL, "{creditor_name}\n\n{opt_out}", ["no_document"]),
        (EMAIL, "Hola\n\n{signature}\n\n{opt_out}", []),
        (SMS, "Hola, le escribe {signature}. {opt_out}", []),
        (CALL, "«Buen día.»", ["no_creditor"]),
        (CALL, "«Le llama {caller_name}, de {creditor_name}.»", []),
    ],
)
def test_what_countries_ask_for(place: Place, words: str, codes: list[str]) -> None:
    assert [fault.code for fault in _body(words, place=place, asked=asked_by(frozenset({"US", "BR"}), place))] == codes


def test_why_it_was_not_paid_is_asked_only_where_the_law_lets_one_ask() -> None:
    words = "¿Por qué no ha pagado?"
    assert [f.code for f in _body(words, asked=asked_by(frozenset({"CO", "PE"}), EMAIL)) if f.code == "why"] == ["why"]
    assert _body(words, asked=asked_by(frozenset({"MX"}), EMAIL) - {"identify_creditor"}) == ()


def test_a_listing_is_announced_only_where_the_law_provides_for_it() -> None:
    words = "Según la ley, a los treinta días la deuda puede comunicarse a ASNEF."
    assert [f.code for f in _body(words)] == ["bureau"]
    assert not [f for f in _body(words, asked=asked_by(frozenset({"ES"}), EMAIL)) if f.code == "bureau"]


def test_what_cannot_be_filled_is_shown_in_its_line() -> None:
    faults = _body("Hola\n\nSon {amount}\n")
    assert [(fault.code, fault.line) for fault in faults] == [("unfillable", 3)]
    assert "{amount}" in _said(faults[0])
    assert [(f.code, f.line) for f in _body("Hola\n\nVea {invoice_list} y pague.")] == [("list_in_line", 3)]


def test_every_fault_says_what_is_wrong_and_how_to_say_it_instead() -> None:
    for what, instead in SAYINGS.values():
        filled = f"{what.format(quote='x', length=1, most=1)} {instead.format()}"
        assert "{{" not in filled and filled.endswith((".", ".”"))


@pytest.mark.parametrize(
    ("text", "encoding", "segments"),
    [
        ("", "GSM-7", 0),
        ("a" * 160, "GSM-7", 1),
        ("a" * 161, "GSM-7", 2),
        ("a" * 307, "GSM-7", 3),
        ("€" * 80, "GSM-7", 1),
        ("€" * 81, "GSM-7", 2),
        ("a" * 152 + "€" * 77, "GSM-7", 3),  # the sign of two units does not fit where one unit is left
        ("¿Mañana, señor? Él pagó 5 £", "UCS-2", 1),  # ó is none of GSM-7, ñ and é are
        ("ñ" * 160, "GSM-7", 1),
        ("ó" * 70, "UCS-2", 1),
        ("ó" * 71, "UCS-2", 2),
        ("😀" * 35, "UCS-2", 1),
    ],
)
def test_segments_of_an_sms(text: str, encoding: str, segments: int) -> None:
    length = sms_length(text)
    assert (length.encoding, length.segments) == (encoding, segments)


def test_too_long_is_measured_filled_in() -> None:
    whatsapp = Place("firm", "whatsapp")
    assert [f.code for f in _body("Hola.\n" + "a" * 460, place=SMS)] == ["long_sms"]
    assert [f.code for f in _body("Hola.\n" + "a" * 1020, place=whatsapp)] == ["long_whatsapp"]
    assert [f.code for f in proofread(Text("a" * 121, "b", "c"), EMAIL, "es")] == ["long_subject"]


def test_folding_keeps_every_sign_in_its_place() -> None:
    words = "Ñandú, {total} y ¿Straße?"
    assert fold(words) == "nandu,         y ¿straße?" and len(fold(words)) == len(words)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("audience", ["company", "consumer"])
def test_every_built_in_text_is_good_in_every_country(language: str, audience: Audience) -> None:
    taken = frozenset(builtin_places(language))
    wrong = [
        f"{place.file}:{fault.line} {fault.code} {_said(fault)}"
        for place in taken
        if place.audience == audience and (text := builtin(place, language))
        for country in EVERYWHERE
        for fault in proofread(
            text,
            place,
            language,
            persons=reaches_persons(place, taken),
            asked=asked_by(frozenset({country}), place),
        )
    ]
    assert wrong == []
