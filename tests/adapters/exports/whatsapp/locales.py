"""The shapes that phones give a chat export, each with a writer: the round trip renders a conversation in all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

LRM = "\u200e"
RLM = "\u200f"
NNBSP = "\u202f"
NBSP = "\u00a0"


@dataclass(frozen=True, slots=True)
class Locale:
    """One phone's habit: how it stamps a message, and what it writes for what is not words.

    `omitted` maps a kind to WhatsApp's phrase; `attached` has a {} for the file's name.
    """

    name: str
    stamp: Callable[[datetime], str]
    omitted: dict[str, str]
    attached: str
    edited: str
    deleted: str
    seconds: bool = True
    iphone: bool = True


def _ampm(t: datetime, am: str, pm: str) -> str:
    return am if t.hour < 12 else pm


_MONTHS_ES = ["ene.", "feb.", "mar.", "abr.", "may.", "jun.", "jul.", "ago.", "sep.", "oct.", "nov.", "dic."]


def _part_of_day(t: datetime) -> str:
    if t.hour < 12:
        return "in the morning"
    return "in the afternoon" if t.hour < 18 else "in the evening" if t.hour < 21 else "at night"


def _h12(t: datetime) -> int:
    return t.hour % 12 or 12


def _digits(text: str, zero: str) -> str:
    return "".join(chr(ord(zero) + int(c)) if c.isascii() and c.isdigit() else c for c in text)


LOCALES: Final = (
    Locale(
        "en-GB iPhone", lambda t: f"[{t:%d/%m/%Y, %H:%M:%S}] ",
        {"image": "image omitted", "video": "video omitted", "audio": "audio omitted", "sticker": "sticker omitted",
         "document": "document omitted", "contact": "Contact card omitted"},
        "<attached: {}>", "<This message was edited>", "This message was deleted.",
    ),
    Locale(
        "en-US iPhone", lambda t: f"[{t.month}/{t.day}/{t:%y}, {_h12(t)}:{t:%M:%S}{NNBSP}{_ampm(t, 'AM', 'PM')}] ",
        {"image": "image omitted", "audio": "audio omitted"},
        "<attached: {}>", "<This message was edited>", "You deleted this message.",
    ),
    Locale(
        "de iPhone", lambda t: f"[{t:%d.%m.%y, %H:%M:%S}] ",
        {"image": "Bild weggelassen", "video": "Video weggelassen", "audio": "Audio weggelassen",
         "document": "Dokument weggelassen", "contact": "Kontaktkarte ausgelassen"},
        "<Anhang: {}>", "<Diese Nachricht wurde bearbeitet.>", "Diese Nachricht wurde gelöscht.",
    ),
    Locale(
        "fr iPhone", lambda t: f"[{t:%d/%m/%Y %H:%M:%S}] ",
        {"image": "image absente", "video": "vidéo absente", "audio": "audio omis", "document": "document manquant"},
        "<pièce jointe : {}>", "<Ce message a été modifié>", "Ce message a été supprimé.",
    ),
    Locale(
        "es iPhone", lambda t: f"[{t.day}/{t.month}/{t:%y}, {t.hour}:{t:%M:%S}] ",
        {"image": "imagen omitida", "video": "Video omitido", "audio": "audio omitido", "sticker": "sticker omitido"},
        "<adjunto: {}>", "<Se editó este mensaje.>", "Se eliminó este mensaje.",
    ),
    Locale(
        "it iPhone", lambda t: f"[{t:%d/%m/%y, %H:%M:%S}] ",
        {"image": "immagine omessa", "video": "video omesso", "document": "documento omesso"},
        "<allegato: {}>", "<Questo messaggio è stato modificato>", "Questo messaggio è stato eliminato.",
    ),
    Locale(
        "pt-BR iPhone", lambda t: f"[{t:%d/%m/%Y %H:%M:%S}] ",
        {"image": "imagem ocultada", "audio": "áudio ocultado", "sticker": "figurinha omitida"},
        "<anexado: {}>", "<Mensagem editada>", "Mensagem apagada",
    ),
    Locale(
        "nl iPhone", lambda t: f"[{t:%d-%m-%Y %H:%M:%S}] ",
        {"image": "afbeelding weggelaten", "document": "document weggelaten", "contact": "contactkaart weggelaten"},
        "<bijgevoegd: {}>", "<Dit bericht is bewerkt>", "Dit bericht is verwijderd.",
    ),
    Locale(
        "tr iPhone", lambda t: f"[{t:%d.%m.%Y %H:%M:%S}] ",
        {"image": "görüntü dahil edilmedi", "audio": "ses dahil edilmedi", "document": "belge dahil edilmedi"},
        "<{} eklendi>", "<Bu mesaj düzenlendi>", "Bu mesaj silindi.",
    ),
    Locale(
        "ru iPhone", lambda t: f"[{t:%d.%m.%Y, %H:%M:%S}] ",
        {"image": "изображение отсутствует", "video": "видео отсутствует", "sticker": "стикер отсутствует"},
        "<прикреплено: {}>", "<Сообщение изменено>", "Данное сообщение удалено.",
    ),
    Locale(
        "uk iPhone", lambda t: f"[{t:%d.%m.%y, %H:%M:%S}] ",
        {"image": "зображення відсутнє", "audio": "аудіо відсутнє", "document": "документ пропущено"},
        "<додано: {}>", "<Повідомлення відредаговано>", "Це повідомлення було видалено.",
    ),
    Locale(
        "ar iPhone", lambda t: f"{RLM}[{t.day}{RLM}/{t.month}{RLM}/{t.year}، {t:%H:%M:%S}] ",
        {"image": "لم يتم إدراج الصورة", "document": "لم يتم إدراج المستند"},
        "<مرفق: {}>", "<تم تعديل هذه الرسالة>", "تم حذف هذه الرسالة.",
    ),
    Locale(
        "ar-EG iPhone, Arabic digits",
        lambda t: f"{RLM}[" + _digits(f"{t:%d/%m/%Y}، {_h12(t)}:{t:%M:%S} {_ampm(t, 'ص', 'م')}", "٠") + "] ",
        {"video": "لم يتم إدراج الفيديوهات"}, "<مرفق: {}>", "<تم تعديل هذه الرسالة>", "تم حذف هذه الرسالة",
    ),
    Locale(
        "fa iPhone, Persian digits", lambda t: "[" + _digits(f"{t:%Y/%m/%d}، {t:%H:%M:%S}", "۰") + "] ",
        {"image": "عکس حذف شد"}, "<پیوست: {}>", "<این پیام ویرایش شد>", "این پیام حذف شد",
    ),
    Locale(
        "he iPhone", lambda t: f"[{t.day}.{t.month}.{t.year}, {t.hour}:{t:%M:%S}] ",
        {"image": "התמונה הושמטה", "sticker": "המדבקה הושמטה"}, "<מצורף: {}>", "<ההודעה נערכה>", "הודעה זו נמחקה",
    ),
    Locale(
        "hi iPhone", lambda t: f"[{t:%d/%m/%y}, {_h12(t)}:{t:%M:%S} {_ampm(t, 'पूर्वाह्न', 'अपराह्न')}] ",
        {"image": "चित्र शामिल नहीं है"}, "<संलग्न: {}>", "<यह मैसेज एडिट किया गया>", "यह संदेश हटाया गया",
    ),
    Locale(
        "bn iPhone, Bengali digits", lambda t: "[" + _digits(f"{t.day}/{t.month}/{t:%y}, {t:%H:%M:%S}", "০") + "] ",
        {}, "<সংযুক্ত: {}>", "<এই মেসেজ সম্পাদনা করা হয়েছে>", "এই মেসেজটি মুছে ফেলা হয়েছে",
    ),
    Locale(
        "id iPhone", lambda t: f"[{t:%d/%m/%y} {t:%H.%M.%S}] ",
        {"image": "gambar tidak disertakan", "sticker": "stiker tidak disertakan"},
        "<terlampir: {}>", "<Pesan ini diedit>", "Pesan ini telah dihapus",
    ),
    Locale(
        "vi iPhone", lambda t: f"[{t:%H:%M:%S}, {t.day}/{t.month}/{t.year}] ",
        {"image": "hình ảnh bị bỏ qua"}, "<đính kèm: {}>", "<Tin nhắn này đã được chỉnh sửa>", "Tin nhắn này đã bị xóa",
    ),
    Locale(
        "th iPhone, Buddhist years", lambda t: f"[{t.day}/{t.month}/{t.year + 543} BE {t:%H:%M:%S}] ",
        {"image": "ไม่รวมรูปภาพ"}, "<แนบ: {}>", "<ข้อความนี้ถูกแก้ไข>", "ข้อความนี้ถูกลบแล้ว",
    ),
    Locale(
        "ja iPhone, era years", lambda t: f"[R{t.year - 2018}/{t.month}/{t.day} {t.hour}:{t:%M:%S}] ",
        {"image": "画像は含まれていません"}, "<添付ファイル: {}>", "<このメッセージは編集されました>",
        "このメッセージは削除されました",
    ),
    Locale(
        "ja iPhone, American order with era", lambda t: f"[{t.month}/{t.day}/R{t.year - 2018}, {t:%H:%M:%S}] ",
        {}, "<添付: {}>", "<編集済み>", "このメッセージは削除されました",
    ),
    Locale(
        "ko iPhone", lambda t: f"[{t.year}. {t.month}. {t.day}. {_ampm(t, '오전', '오후')} {_h12(t)}:{t:%M:%S}] ",
        {"image": "이미지 생략됨"}, "<첨부: {}>", "<이 메시지는 수정되었습니다>", "삭제된 메시지입니다",
    ),
    Locale(
        "zh-CN iPhone", lambda t: f"[{t.year}/{t.month}/{t.day} {_ampm(t, '上午', '下午')}{_h12(t)}:{t:%M:%S}] ",
        {"image": "图像已忽略", "video": "视频已忽略"}, "‹附件：{}>", "<此消息已编辑>", "此消息已删除",
    ),
    Locale(
        "el iPhone", lambda t: f"[{t.day}/{t.month}/{t:%y}, {_h12(t)}:{t:%M:%S} {_ampm(t, 'π.μ.', 'μ.μ.')}] ",
        {}, "<συνημμένο: {}>", "<Αυτό το μήνυμα τροποποιήθηκε>", "Αυτό το μήνυμα διαγράφηκε",
    ),
    Locale(
        "cs iPhone", lambda t: f"[{t:%d.%m.%y %H:%M:%S}] ",
        {"image": "obrázek vynechán", "document": "dokument vynechán"},
        "<přiloženo: {}>", "<Tato zpráva byla upravena>", "Tato zpráva byla smazána.",
    ),
    Locale(
        "sv iPhone", lambda t: f"[{t:%Y-%m-%d %H:%M:%S}] ",
        {"image": "bild utelämnad"}, "<bifogad: {}>", "<Meddelandet redigerades>", "Det här meddelandet raderades",
    ),
    Locale(
        "hu iPhone", lambda t: f"[{t.year}. {t:%m}. {t:%d}. {t:%H:%M:%S}] ",
        {}, "<csatolva: {}>", "<Ezt az üzenetet szerkesztették>", "Ezt az üzenetet törölték",
    ),
    Locale(
        "ISO in brackets", lambda t: f"[{t:%Y-%m-%d, %H:%M:%S}] ",
        {"image": "image omitted"}, "<attached: {}>", "<This message was edited>", "This message was deleted",
    ),
    Locale(
        "American with dashes", lambda t: f"[{t:%m-%d-%Y, %H:%M:%S}] ",
        {"image": "image omitted"}, "<attached: {}>", "<This message was edited>", "This message was deleted",
    ),
    Locale(
        "copied from the web", lambda t: f"[{t:%H:%M, %d/%m/%Y}] ",
        {"image": "image omitted"}, "<attached: {}>", "<This message was edited>", "This message was deleted",
        seconds=False,
    ),
    *(
        Locale(name, stamp, {"unknown": f"<{omitted}>"}, f"{{}} ({attached})", edited, deleted, seconds, iphone=False)
        for name, stamp, seconds, omitted, attached, edited, deleted in (
            ("en-GB", lambda t: f"{t:%d/%m/%Y, %H:%M} - ", False, "Media omitted", "file attached",
             "<This message was edited>", "This message was deleted"),
            ("en-US", lambda t: f"{t.month}/{t.day}/{t:%y}, {_h12(t)}:{t:%M}{NNBSP}{_ampm(t, 'AM', 'PM')} - ", False,
             "Media omitted", "file attached", "<This message was edited>", "You deleted this message"),
            ("en-IN", lambda t: f"{t:%Y/%m/%d}, {_h12(t)}:{t:%M} {_ampm(t, 'am', 'pm')} - ", False,
             "Media omitted", "file attached", "<This message was edited>", "This message was deleted"),
            ("de", lambda t: f"{t:%d.%m.%y, %H:%M} - ", False, "Medien ausgeschlossen", "Datei angehängt",
             "<Diese Nachricht wurde bearbeitet.>", "Diese Nachricht wurde gelöscht."),
            ("es", lambda t: f"{t.day}/{t.month}/{t:%y}, {_h12(t)}:{t:%M}{NBSP}{_ampm(t, 'a', 'p')}.{NBSP}m. - ", False,
             "Multimedia omitido", "archivo adjunto", "<Se editó este mensaje.>", "Se eliminó este mensaje."),
            ("fr", lambda t: f"{t:%d/%m/%Y à %H:%M} - ", False, "Médias omis", "fichier joint",
             "<Ce message a été modifié>", "Ce message a été supprimé"),
            ("pt-BR", lambda t: f"{t:%d/%m/%Y %H:%M} - ", False, "Mídia oculta", "arquivo anexado",
             "<Mensagem editada>", "Mensagem apagada"),
            ("it", lambda t: f"{t:%d/%m/%y, %H:%M} - ", False, "Media omessi", "file allegato",
             "<Questo messaggio è stato modificato>", "Questo messaggio è stato eliminato"),
            ("nl", lambda t: f"{t:%d-%m-%Y %H:%M} - ", False, "Media weggelaten", "bestand bijgevoegd",
             "<Dit bericht is bewerkt>", "Dit bericht is verwijderd"),
            ("ru", lambda t: f"{t:%d.%m.%Y, %H:%M} - ", False, "Без медиафайлов", "файл добавлен",
             "<Сообщение изменено>", "Данное сообщение удалено"),
            ("uk", lambda t: f"{t:%d.%m.%y, %H:%M} - ", False, "Медіа пропущено", "файл додано",
             "<Повідомлення змінено, відредаговано>", "Це повідомлення видалено"),
            ("pl", lambda t: f"{t:%d.%m.%Y, %H:%M} - ", False, "pominięto multimedia", "załączony plik",
             "<Wiadomość edytowana>", "Ta wiadomość została usunięta"),
            ("tr", lambda t: f"{t:%d.%m.%Y %H:%M} - ", False, "Medya dahil edilmedi", "dosya ekli",
             "<Bu mesaj düzenlendi>", "Bu mesaj silindi"),
            ("cs, no comma", lambda t: f"{t:%d.%m.%y %H:%M} - ", False, "Média vynechána", "soubor byl přiložen",
             "<Tato zpráva byla upravena>", "Tato zpráva byla smazána"),
            ("fi", lambda t: f"{t.day}.{t.month}.{t.year} klo {t.hour}.{t:%M.%S} - ", True, "Media jätettiin pois",
             "liitetiedosto", "<Tätä viestiä muokattiin>", "Tämä viesti poistettiin"),
            ("hr", lambda t: f"{t.day}. {t.month}. {t.year}. {t:%H:%M:%S} - ", True, "Media omitted",
             "datoteka u privitku", "<This message was edited>", "Ova poruka je izbrisana"),
            ("da", lambda t: f"{t:%d.%m.%Y %H.%M} - ", False, "Medier udeladt", "fil vedhæftet",
             "<Beskeden blev redigeret>", "Denne besked blev slettet"),
            ("nb", lambda t: f"{t:%d.%m.%Y, %H:%M} - ", False, "Medier utelatt", "vedlagt fil",
             "<Meldingen ble redigert>", "Denne meldingen ble slettet"),
            ("ro", lambda t: f"{t:%d.%m.%Y, %H:%M} - ", False, "Media omise", "fișier atașat",
             "<Acest mesaj a fost editat>", "Acest mesaj a fost șters"),
            ("hu", lambda t: f"{t:%Y. %m. %d. %H:%M} - ", False, "Hiányzó médiafájl", "fájl csatolva",
             "<Ezt az üzenetet szerkesztették>", "Ezt az üzenetet törölték"),
            ("ko", lambda t: f"{t.year}. {t.month}. {t.day}. {_ampm(t, '오전', '오후')} {_h12(t)}:{t:%M} - ", False,
             "미디어 파일 제외됨", "파일 첨부됨", "<이 메시지는 수정되었습니다>", "삭제된 메시지입니다"),
            ("ja", lambda t: f"{t:%Y/%m/%d %H:%M} - ", False, "メディアは含まれていません", "添付ファイル有り",
             "<このメッセージは編集されました>", "このメッセージは削除されました"),
            ("zh-TW", lambda t: f"{t.year}/{t.month}/{t.day} {_ampm(t, '上午', '下午')}{_h12(t)}:{t:%M} - ", False,
             "省略多媒體檔案", "附件檔案", "<此訊息已編輯>", "此訊息已刪除"),
            ("ar", lambda t: f"{t.day}{RLM}/{t.month}{RLM}/{t.year}، {t:%H:%M} - ", False, "تم استبعاد الوسائط",
             "الملف مرفق", "<تم تعديل هذه الرسالة>", "تم حذف هذه الرسالة"),
            ("hi", lambda t: f"{t:%d/%m/%y}, {_h12(t)}:{t:%M} {_ampm(t, 'am', 'pm')} - ", False, "मीडिया के बिना",
             "फाइल अटैच कर दी गई है", "<यह मैसेज एडिट किया गया>", "यह मैसेज हटा दिया गया"),
            ("th", lambda t: f"{t.day}/{t.month}/{t.year + 543} {t:%H:%M} - ", False, "ไม่รวมไฟล์มีเดีย",
             "ไฟล์ที่แนบ", "<ข้อความนี้ถูกแก้ไข>", "ข้อความนี้ถูกลบ"),
            ("vi", lambda t: f"{t:%d/%m/%Y}, {t:%H:%M} - ", False, "Bỏ qua media", "tệp đính kèm",
             "<Tin nhắn này đã được chỉnh sửa>", "Tin nhắn này đã bị xóa"),
            ("bg", lambda t: f"{t:%d.%m.%y} г., {t:%H:%M} ч. - ", False, "Media omitted", "прикачен файл",
             "<This message was edited>", "Това съобщение беше изтрито"),
            ("fr-CA", lambda t: f"{t:%Y-%m-%d} {t:%H} h {t:%M} - ", False, "Médias omis", "fichier joint",
             "<Ce message a été modifié>", "Ce message a été supprimé"),
            ("month named", lambda t: f"{t:%H:%M}, {t.day} {t:%b} {t.year} - ", False, "Media omitted", "file attached",
             "<This message was edited>", "This message was deleted"),
            ("month first", lambda t: f"{t:%b} {t.day}, {t.year}, {_h12(t)}:{t:%M} {_ampm(t, 'AM', 'PM')} - ", False,
             "Media omitted", "file attached", "<This message was edited>", "This message was deleted"),
            ("es, in words", lambda t: f"{t.day} de {_MONTHS_ES[t.month - 1]} de {t.year} {t:%H:%M} - ", False,
             "Archivo omitido", "archivo adjuntado", "<Se editó este mensaje>", "Este mensaje fue eliminado"),
            ("in the morning", lambda t: f"{t:%d/%m/%Y}, {_h12(t)}:{t:%M} {_part_of_day(t)} - ", False, "Media omitted",
             "file attached", "<This message was edited>", "This message was deleted"),
            ("weekday", lambda t: f"{t:%a, %d/%m/%Y}, {t:%H:%M} - ", False, "Media omitted", "file attached",
             "<This message was edited>", "This message was deleted"),
            ("legacy, without a dash", lambda t: f"{t:%d.%m.%y %H.%M.%S}: ", True, "Media omitted", "file attached",
             "<This message was edited>", "This message was deleted"),
        )
    ),
)  # fmt: skip
