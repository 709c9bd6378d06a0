"""What answers seem to say, in the words of people who owe money; and ordinary sentences that say nothing of the kind."""

# ruff: noqa: E501 - a table of sentences reads best with one a line

from datetime import date
from decimal import Decimal

import pytest

from puntual.outreach.answers.reading import read_mail, suggest
from puntual.outreach.answers.reading.days import find_day
from puntual.outreach.answers.reading.words import plain, sentences
from puntual.outreach.answers.tests.post import letter

ON = date(2026, 11, 23)  # a Monday


def codes(text: str) -> dict[str, date | None]:
    return {one.outcome: one.day for one in suggest(text, ON)}


PAID = {
    "Ya pagamos la factura el viernes pasado.": date(2026, 11, 20),
    "Buenos días, la factura ya fue cancelada ayer con operación 00458721.": date(2026, 11, 22),
    "Hemos realizado la transferencia hoy.": date(2026, 11, 23),
    "Le informo que el pago se realizó el 18/11.": date(2026, 11, 18),
    "Adjunto el voucher del depósito.": None,
    "Ya hicimos el abono, por favor revisar.": None,
    "Pagamos ayer.": date(2026, 11, 22),
    "We already paid this invoice on November 18.": date(2026, 11, 18),
    "Payment was sent last Friday.": date(2026, 11, 20),
    "Please find attached the proof of payment.": None,
    "This has been settled.": None,
    "Já pagamos na sexta-feira.": date(2026, 11, 20),
    "O boleto já foi pago ontem.": date(2026, 11, 22),
    "Segue em anexo o comprovante.": None,
    "Fizemos o pix agora.": None,
}


@pytest.mark.parametrize("text", PAID)
def test_says_it_is_paid(text: str) -> None:
    assert codes(text) == {"paid": PAID[text]}


PROMISES = {
    "Pagaremos el viernes.": date(2026, 11, 27),
    "Estaremos pagando el día 15.": date(2026, 12, 15),
    "El pago está programado para el 30 de noviembre.": date(2026, 11, 30),
    "Vamos a transferir S/ 4,720.00 mañana sin falta.": date(2026, 11, 24),
    "Me comprometo a cancelar el saldo el próximo martes.": date(2026, 11, 24),
    "Les abonaré a fin de mes.": date(2026, 11, 30),
    "Haremos el pago en 10 días.": date(2026, 12, 3),
    "El pago sale el jueves de la próxima semana.": date(2026, 12, 3),
    "We will pay next Tuesday.": date(2026, 11, 24),
    "The payment is scheduled for December 4th.": date(2026, 12, 4),
    "You will have the money by Friday.": date(2026, 11, 27),
    "I'll make the transfer tomorrow.": date(2026, 11, 24),
    "Vamos pagar na quinta-feira.": date(2026, 11, 26),
    "O pagamento está agendado para 05/12.": date(2026, 12, 5),
    "Farei o pix amanhã.": date(2026, 11, 24),
}


@pytest.mark.parametrize("text", PROMISES)
def test_promises_a_day(text: str) -> None:
    assert codes(text) == {"promises": PROMISES[text]}


OTHERS = {
    "No estamos de acuerdo con el monto.": "disputes",
    "La factura está mal emitida, el importe es incorrecto.": "disputes",
    "No hemos recibido el servicio completo ni la mercadería.": "disputes",
    "Nunca se contrató: nos están cobrando dos veces.": "disputes",
    "We dispute this invoice.": "disputes",
    "The amount is wrong.": "disputes",
    "We never received the goods.": "disputes",
    "Não reconhecemos essa cobrança.": "disputes",
    "O valor da fatura está errado.": "disputes",
    "¿Podrían darnos unos días más de plazo?": "asks_time",
    "Solicitamos fraccionar la deuda.": "asks_time",
    "Quisiera pagar en tres cuotas.": "asks_time",
    "No podemos pagar este mes.": "asks_time",
    "Could we have another week?": "asks_time",
    "We need a payment plan.": "asks_time",
    "We can't pay right now.": "asks_time",
    "Precisamos de mais prazo.": "asks_time",
    "Gostaríamos de parcelar a dívida.": "asks_time",
    "La señora Elvira ya no trabaja en esta empresa.": "wrong_person",
    "No soy la persona encargada de pagos.": "wrong_person",
    "Creo que se equivocó de correo.": "wrong_person",
    "Elvira no longer works here.": "wrong_person",
    "She has left the company.": "wrong_person",
    "Ela não trabalha mais na empresa.": "wrong_person",
    "Por favor, envíenme una copia de la factura.": "asks_copy",
    "¿Me pueden enviar el estado de cuenta?": "asks_copy",
    "No hemos recibido la factura.": "asks_copy",
    "Could you please resend the invoice?": "asks_copy",
    "We never received the invoice.": "asks_copy",
    "Pode me enviar a segunda via do boleto?": "asks_copy",
    "BAJA": "opt_out",
    "Stop.": "opt_out",
    "sair": "opt_out",
    "No me escriban más.": "opt_out",
    "Please stop emailing me.": "opt_out",
    "Não me enviem mais mensagens.": "opt_out",
}


@pytest.mark.parametrize("text", OTHERS)
def test_says_something_else(text: str) -> None:
    assert set(codes(text)) == {OTHERS[text]}


@pytest.mark.parametrize(
    "text",
    [
        "Gracias por su mensaje.",
        "Buenos días, ¿con quién puedo hablar?",
        "¿Ya está pagada la factura?",
        "Todavía no hemos pagado.",
        "Aún no se ha realizado el pago.",
        "Cuando paguemos le avisamos.",
        "Le confirmo en cuanto se realice el pago.",
        "Una vez realizado el pago les aviso.",
        "Si ya pagamos, por favor indíquenlo.",
        "Revisaremos y le respondemos el viernes.",
        "Nos vemos el lunes.",
        "Estoy de acuerdo con el monto.",
        "No hay ningún error en la factura, gracias.",
        "Pagaremos pronto.",
        "No pagaremos el viernes.",
        "¿Pagaremos el viernes o el lunes?",
        "Si nos envían la nota de crédito pagaremos el viernes.",
        "El plazo de entrega es de 10 días.",
        "Ayer les enviamos la factura corregida.",
        "Elvira está en una reunión.",
        "El portal ya no está disponible.",
        "El trabajador está de baja médica.",
        "Queremos dar de baja el servicio el próximo año.",
        "Our client has not paid us.",
        "We have not been paid by our client.",
        "Has this been paid?",
        "We'll let you know once it is paid.",
        "Let's talk on Friday.",
        "We are not disputing anything.",
        "She is in a meeting.",
        "We don't need more time.",
        "We stop production on Friday.",
        "Is the invoice correct?",
        "Obrigado pela mensagem.",
        "Ainda não pagamos.",
        "Assim que for pago aviso.",
        "Podemos conversar na quarta-feira?",
        "Recebemos a mercadoria, tudo certo.",
        "The stop sign in front of the shop was painted on Monday.",
        "La baja de precios nos ayuda.",
        "",
    ],
)
def test_ordinary_sentences_suggest_nothing(text: str) -> None:
    assert suggest(text, ON) == ()


# As people write on a telephone, with what takes it back in the same breath: "" is nothing.
SPOKEN = {
    "No he pagado todavía, disculpe.": "",
    "no he pagado": "",
    "Ya te dije que pagaré.": "",
    "Ya te dije que pagaré el viernes, no insistan.": "promises",
    "Como le comenté, el pago se hará el 30 de noviembre.": "promises",
    "No puedo decir que ya pagamos.": "",
    "Mañana le confirmo si el pago salió.": "",
    "Mañana le confirmo el pago.": "",
    "Hoy no, pero mañana sí le transfiero.": "promises",
    "El viernes le deposito sin falta.": "promises",
    "Le transfiero el viernes.": "promises",
    "Pago el viernes.": "promises",
    "te pago mañana": "promises",
    "el lunes cancelo todo": "promises",
    "Ya está pagado.": "paid",
    "ya pague ayer": "paid",
    "Eso ya lo pagué hace dos semanas.": "paid",
    "Ya quedó, revisen su cuenta.": "",
    "Les adjunto la constancia de transferencia.": "paid",
    "Pagamos siempre a 60 días.": "",
    "Nosotros pagamos los viernes.": "",
    "Ya pagamos la F001-230, la F001-231 está pendiente.": "paid",
    "El pago no ha sido realizado porque falta la nota de crédito.": "disputes",
    "Nunca recibimos la mercadería completa.": "disputes",
    "Esta factura no nos corresponde.": "disputes",
    "No debemos nada.": "disputes",
    "La factura tiene un error en el RUC.": "disputes",
    "Falta la nota de crédito por la devolución.": "disputes",
    "El monto no coincide con la orden de compra.": "disputes",
    "No es correcto decir que hay un error en la factura.": "",
    "Necesito hasta el 15 para pagar.": "asks_time",
    "¿Me da chance hasta el viernes?": "asks_time",
    "Denos una semanita más por favor.": "asks_time",
    "Estamos sin liquidez este mes.": "asks_time",
    "No necesitamos más plazo.": "",
    "Ya no trabajo en Quenara, escriban a rosa@quenara.example.": "wrong_person",
    "Ya no trabajo los viernes.": "",
    "No trabaja los sábados.": "",
    "Elvira ya no está en la empresa.": "wrong_person",
    "Este correo no es de Quenara.": "wrong_person",
    "Yo no veo ese tema, hable con tesorería.": "wrong_person",
    "Estoy fuera de la oficina hasta el lunes 30.": "away",
    "I have not paid yet.": "",
    "I already told you I will pay on Friday.": "promises",
    "I told you I paid!": "paid",
    "Paid yesterday.": "paid",
    "Payment went out this morning.": "paid",
    "We will not be able to pay before December 10.": "asks_time",
    "We'll pay as soon as our client pays us.": "",
    "Can you wait until Friday?": "asks_time",
    "This invoice isn't ours.": "disputes",
    "I don't work there anymore.": "wrong_person",
    "You have the wrong email.": "wrong_person",
    "Ainda não paguei.": "",
    "Já falei que vou pagar na sexta.": "promises",
    "Pago amanhã.": "promises",
    "Vou pagar assim que receber.": "",
    "Já está pago.": "paid",
    "Paguei ontem pelo pix.": "paid",
    "Não vou pagar, não reconheço.": "disputes",
    "Essa cobrança é indevida.": "disputes",
    "Preciso de mais uns dias.": "asks_time",
    "Não trabalho mais aí.": "wrong_person",
    "Estou de férias até 5/12.": "away",
    "No me vuelvan a llamar ni escribir.": "opt_out",
    "Dejen de acosarme.": "opt_out",
    "Remove me from your list.": "opt_out",
    "Si para el viernes no hemos pagado, escríbanme.": "",
    "Espero que el pago se haya realizado.": "",
    "Creo que ya se pagó.": "",
    "Supuestamente ya pagaron.": "",
    "No sé si ya se pagó.": "",
    "Debería estar pagado.": "",
    "Ya casi pagamos.": "",
    "Ya vamos a pagar.": "",
    "Dijeron que pagarían el viernes.": "",
    "Íbamos a pagar el viernes pero no se pudo.": "",
    "El viernes no podremos pagar.": "asks_time",
    "No le prometo nada para el viernes.": "",
    "Pagaré cuando me entreguen lo que falta.": "",
    "La transferencia rebotó ayer.": "",
    "Ayer hicimos la transferencia pero el banco la devolvió.": "",
    "Jamás dijimos que la factura estuviera mal.": "",
}


@pytest.mark.parametrize("text", SPOKEN)
def test_as_people_write_on_a_telephone(text: str) -> None:
    assert set(codes(text)) == ({SPOKEN[text]} if SPOKEN[text] else set())


@pytest.mark.parametrize(
    "quoted",
    [
        "El lun, 23 nov 2026 a las 9:12, Sembria <cobranzas@sembria.example> escribió:\n> Pagaremos el viernes.\n> Ya pagamos.",
        "-----Mensaje original-----\nDe: Sembria\nEnviado: lunes\n\nYa pagamos la factura ayer. No estamos de acuerdo.",
        "> BAJA\n> Pagaremos el viernes.",
        "On Mon, 23 Nov 2026, Sembria wrote:\n> We already paid this invoice.",
    ],
)
def test_what_is_quoted_was_said_by_somebody_else(quoted: str) -> None:
    mail = read_mail(letter(f"Recibido, gracias.\n\n{quoted}"), ON)
    assert mail.text == "Recibido, gracias."
    assert suggest(mail.text, ON, subject=mail.subject) == ()


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("Elvira ya no trabaja aquí. Escriba a Rosa Quispe (rosa@c1.example).", "Rosa Quispe", "rosa@c1.example"),
        (
            "Ya no trabajo en Quenara. Para pagos contactar con Sr. Juan de la Cruz: jcruz@c1.example",
            "Juan de la Cruz",
            "jcruz@c1.example",
        ),
        ("Elvira no longer works here. Please write to ap@c1.example.", "", "ap@c1.example"),
        ("She has left the company.\nContact John Smith <john@c1.example> instead.", "John Smith", "john@c1.example"),
        ("Ela não trabalha mais na empresa. Fale com Ana Souza, ana@c1.example.", "Ana Souza", "ana@c1.example"),
        ("Elvira ya no trabaja aquí. Llame a la central.", "", ""),
        ("Pagaremos el viernes. Escriba a rosa@c1.example.", "", ""),
    ],
)
def test_whom_to_write_to_instead(text: str, name: str, address: str) -> None:
    (one,) = suggest(text, ON)
    assert (one.name, one.address) == (name, address)


def test_a_payment_is_told_with_its_amount_and_operation() -> None:
    text = (
        "Buenos días. Ya realizamos la transferencia por S/ 4,720.50 el 20 de noviembre. Operación N° 00458721 del BCP."
    )
    (one,) = suggest(text, ON)
    assert (one.outcome, one.day, one.amount, one.currency, one.operation) == (
        "paid",
        date(2026, 11, 20),
        Decimal("4720.50"),
        "PEN",
        "00458721",
    )
    assert one.quote == "Ya realizamos la transferencia por S/ 4,720.50 el 20 de noviembre."


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("Pagaremos 1.500,00 euros el viernes.", Decimal("1500.00"), "EUR"),
        ("We will pay USD 12,345 on Friday.", Decimal(12345), "USD"),
        ("Vamos pagar R$ 2.000 amanhã.", Decimal(2000), "BRL"),
        ("Pagaremos $ 300 el viernes.", Decimal(300), ""),
        ("Pagaremos la factura F001-231 el viernes.", None, ""),
    ],
)
def test_amounts_as_people_write_them(text: str, amount: Decimal | None, currency: str) -> None:
    (one,) = suggest(text, ON)
    assert (one.amount, one.currency) == (amount, currency)


def test_one_answer_may_say_several_things() -> None:
    text = "La factura 230 ya fue pagada ayer.\nLa 231 la pagaremos el viernes.\nPor favor envíenme copia de la factura 232."
    assert codes(text) == {"paid": date(2026, 11, 22), "promises": date(2026, 11, 27), "asks_copy": None}


def test_away_until() -> None:
    assert codes("Estoy de vacaciones hasta el 5 de diciembre.") == {"away": date(2026, 12, 5)}
    assert codes("I am out of the office until Monday.") == {"away": date(2026, 11, 30)}


DAYS = {
    "el viernes": date(2026, 11, 27),
    "next tuesday": date(2026, 11, 24),
    "dia 15": date(2026, 12, 15),
    "el lunes": date(2026, 11, 30),  # written on a Monday: the next one
    "el 23": date(2026, 11, 23),
    "el 31": date(2026, 12, 31),  # November has none
    "15 de marzo": date(2027, 3, 15),
    "15 de março de 2027": date(2027, 3, 15),
    "march 15th": date(2027, 3, 15),
    "2026-12-01": date(2026, 12, 1),
    "01.12.2026": date(2026, 12, 1),
    "05/12": date(2026, 12, 5),
    "12/25": date(2026, 12, 25),
    "pasado mañana": date(2026, 11, 25),
    "depois de amanhã": date(2026, 11, 25),
    "en dos semanas": date(2026, 12, 7),
    "el viernes 4 de diciembre": date(2026, 12, 4),
    "esta semana": date(2026, 11, 27),
    "la semana que viene": date(2026, 12, 4),
    "fin de mes": date(2026, 11, 30),
    "la quincena": date(2026, 11, 30),
    "por la mañana": None,
    "segunda via": None,
    "15.30": None,
    "el 30% del total": None,
    "en 3 cuotas": None,
    "32/13": None,
    "31/02": None,
}


@pytest.mark.parametrize("text", DAYS)
def test_days_as_people_write_them(text: str) -> None:
    assert find_day(plain(text), ON, ahead=True) == DAYS[text]


def test_a_line_a_mail_program_broke_is_one_sentence() -> None:
    text = "Le confirmo que el pago de la factura F001-231 por la suma de\nS/ 4,720.00 será realizado el viernes. Saludos al Sr. Pérez."
    assert sentences(text) == (
        "Le confirmo que el pago de la factura F001-231 por la suma de S/ 4,720.00 será realizado el viernes.",
        "Saludos al Sr. Pérez.",
    )
