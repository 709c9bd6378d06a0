"""What answers seem to say, in the words of people who owe money; and ordinary sentences that say nothing of the kind."""

# ruff: noqa: E501 - a table of sentences reads best with one a line

from datetime import date
from decimal import Decimal

import pytest

from puntual.outreach.answers.reading import suggest
from puntual.outreach.answers.reading.days import find_day
from puntual.outreach.answers.reading.words import plain, sentences

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
