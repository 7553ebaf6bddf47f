"""What WhatsApp writes in place of what people sent, in the languages of its users: evidence, beside structure.

Stems, not sentences: WhatsApp rewords its phrases from version to version, and a stem outlives that. They are
compared with lower-cased text that has lost its marks, and only where structure already hints at WhatsApp's own
hand (an angle bracket, a direction mark, the whole of a body), so that people's own words stay theirs.
"""

from __future__ import annotations

import re
from typing import Final

from adapters.exports.parsed import AttachmentKind

KIND_NOUNS: Final[tuple[tuple[AttachmentKind, re.Pattern[str]], ...]] = (
    (
        "unknown",
        re.compile(
            r"\bmedi|mídia|média|médi|multim|медиа|медіа|وسائط|מדיה|मीडिया|メディア|미디어|媒体|媒體|多媒"
            r"|πολυμέσ|สื่อ|มีเดีย"
            r"|رسانه|мультимед|medya|மீடியா|মিডিয়া"
        ),
    ),
    (
        "sticker",
        re.compile(
            r"sticker|figurinha|autocollant|çıkartma|стикер|наклейк|наліпк|naklejk|ملصق|מדבק|स्टिकर|stiker|ステッカー"
            r"|스티커|贴图|貼圖|表情贴|klistermärke|klistermærke|klistremerke|tarra|nálepk|samolepk|αυτοκόλλητ|matric"
            r"|nhãn dán|สติกเกอร์|برچسب"
        ),
    ),
    (
        "contact",
        re.compile(
            r"contact|kontakt|contato|contacto|kişi kartı|контакт|جهة (?:ال)?اتصال|جهات (?:ال)?اتصال|איש קשר|संपर्क"
            r"|कॉन्टैक्ट|kontak|連絡先|연락처|联系人|聯絡人|yhteystie|vizitk|επαφ|névjegy|liên hệ|รายชื่อ"
            r"|ผู้ติดต่อ|مخاطب|vcard"
        ),
    ),
    (
        "document",
        re.compile(
            r"document|dokument|documento|documentatie|belge|документ|مستند|מסמך|दस्तावेज़|डॉक्यूमेंट|dokumen"
            r"|ドキュメント|書類|문서|文档|文件|文檔|asiakirj|tiedosto|έγγραφ|tài liệu|เอกสาร|سند"
        ),
    ),
    (
        "audio",
        re.compile(
            r"audio|áudio|ses dosyası|\bses\b|аудио|аудіо|голос|صوت|שמע|קול|ऑडियो|suara|オーディオ|音声|오디오|음성"
            r"|音频|音訊|语音|語音|ljud|\blyd|ääni|zvuk|ήχο|hang(?:fájl|anyag|üzenet)?\b|âm thanh|เสียง"
            r"|sprachnachricht"
            r"|voice message|ptt|dźwięk|صدا"
        ),
    ),
    (
        "video",
        re.compile(
            r"vide|vidéo|vídeo|видео|відео|فيديو|וידאו|סרטון|वीडियो|動画|ビデオ|동영상|비디오|视频|影片|視訊|film"
            r"|βίντεο|วิดีโอ|ویدیو|wideo"
        ),
    ),
    (
        "image",
        re.compile(
            r"image|imagem|imagen|immagine|bild|photo|foto|afbeelding|görüntü|görsel|resim|изображени|зображенн|фото"
            r"|obraz|zdjęci|صورة|صور|תמונ|छवि|चित्र|फ़ोटो|तस्वीर|gambar|画像|写真|이미지|사진|图片|图像|圖片"
            r"|圖像|照片|billede"
            r"|\bbilde|kuva|obrázek|obrázok|εικόνα|imagine|kép\b|hình ảnh|ảnh|รูปภาพ|ภาพ|عکس|\bgif"
        ),
    ),
    ("unknown", re.compile(r"файл|arquivo|archivo|ficheiro|fichier|datei|file\b|fil\b|bestand|plik|soubor")),
)
"""The nouns for what was sent. "Media" comes first because it stands beside the others; "file" last, for the same."""

OMITTED: Final = re.compile(
    r"omitted|weggelassen|ausgelassen|ausgeschlossen|omitid|omesso|omessa|omessi|omis\b|omise|omises|omiss"
    r"|oculta|oculto"
    r"|ocultad|absent|manquant|retiré|exclu|esclus|non inclus|não revelad|não incluíd|weggelaten|uitgesloten"
    r"|dahil edilme|atlan|eklenmedi|отсутству|пропущен|не добавлен|не включен|без |відсутн|не додано|вилучен"
    r"|pominięt|usunięt|استبعاد|مستبعد|لم يتم|محذوف|تم حذف|הושמט|לא נכלל|ללא|शामिल नहीं|के बिना|छोड़|tidak disertakan"
    r"|dihilangkan|dilewatkan|diabaikan|含まれていません|省略|なし|除外|생략|제외|忽略|已略|略去|未包含|排除"
    r"|utelämna|uteslut"
    r"|utelatt|utelad|udelad|udelukket|jätettiin|jätetty|poistettu|pois\b|vynechán|vynechan|παραλείφ|παράλειψ|εξαίρε"
    r"|exclus|kihagy|hiányz|kizár|bỏ qua|bị bỏ|ไม่รวม|ละเว้น|ข้าม|حذف شد|বাদ|தவிர்|izostavlj|изпуснат|пропусна"
)
"""The verbs for having been left out."""

OMITTED_EXACTLY: Final = frozenset(
    [
        "image omitted",
        "video omitted",
        "audio omitted",
        "gif omitted",
        "sticker omitted",
        "document omitted",
        "contact card omitted",
        "bild weggelassen",
        "video weggelassen",
        "audio weggelassen",
        "gif weggelassen",
        "sticker weggelassen",
        "dokument weggelassen",
        "kontaktkarte ausgelassen",
        "kontaktkarte weggelassen",
        "imagen omitida",
        "video omitido",
        "audio omitido",
        "gif omitido",
        "sticker omitido",
        "documento omitido",
        "tarjeta de contacto omitida",
        "image absente",
        "vidéo absente",
        "audio omis",
        "sticker omis",
        "gif retiré",
        "document manquant",
        "immagine omessa",
        "video omesso",
        "audio omesso",
        "documento omesso",
        "afbeelding weggelaten",
        "video weggelaten",
        "audio weggelaten",
        "imagem ocultada",
        "áudio ocultado",
        "vídeo omitido",
        "изображение отсутствует",
        "видео отсутствует",
        "аудио отсутствует",
        "документ отсутствует",
        "görüntü dahil edilmedi",
        "video dahil edilmedi",
        "ses dahil edilmedi",
        "belge dahil edilmedi",
    ]
)
"""Whole bodies that older exports wrote without any mark."""

ATTACHED: Final = re.compile(
    r"attached|adjunt|angehängt|anhang|pièce jointe|fichier joint|joint\b|anexad|allegat|bijgevoegd|bijlage"
    r"|ekli\b|eklendi"
    r"|добавлен|прикреп|вложен|додан|прикачен|załącz|مرفق|מצורף|צורף|अटैच|संलग्न|terlampir|lampiran|添付|첨부"
    r"|附件|附加"
    r"|bifoga|vedhæft|vedlagt|vedlegg|liite|přilož|pripojen|συνημμ|επισυν|atașat|csatol|đính kèm|แนบ|پیوست|সংযুক্ত"
    r"|fail lisatud|privitku|priložen|prisegta|pievienot|aangeheg|olunub|dilampirkan|biriktiril|limeambat|nakalakip"
)
"""How WhatsApp says that a file is attached."""

EDITED: Final = re.compile(
    r"edited|bearbeitet|edit[óo]|editad|modifi|bewerkt|düzenle|измен|отредакт|редаг|змінен|edytowan|edytował|edycj"
    r"|تعديل|معدل|נער[ךכ]|संपादित|एडिट|diedit|disunting|編集|수정|편집|编辑|編輯|redigera|redigeret|redigert"
    r"|muoka|muokk"
    r"|uprav|επεξεργ|τροποποι|editat|szerkeszt|módosít|chỉnh sửa|แก้ไข|ویرایش|সম্পাদ"
)
"""How WhatsApp says that a message was edited."""

NO_NAME: Final = re.compile(
    r"end-to-end|ende-zu-ende|extremo a extremo|bout en bout|ponta a ponta|ponto a ponto|uçtan uca|сквозн"
    r"|наскрізн|مشف|מוצפנ"
    r"|एंड-टू-एंड|エンドツーエンド|종단 ?간|端到端|端對端|ände-till-ände|ende-til-ende|päästä päähän|koncov"
    r"|szyfrowan|criptograf"
    r"|διατερματικ|végpontok|đầu cuối|ต้นทางถึงปลายทาง|رمزگذاری|verschlüssel|encrypted|cifrad|chiffr|encripta"
    r"|crittograf"
    r"|created (?:this )?group|changed the (?:group|subject|description)|changed this group|hat die gruppe"
    r"|hat den betreff"
    r"|creó (?:el|este) grupo|cambió el asunto|a créé le groupe|a changé (?:le|l')|criou (?:o|este) grupo"
    r"|mudou o nome"
    r"|ha creato il gruppo|heeft de groep|grubu oluşturdu|создал"
)
"""Words of system lines that are in nobody's name, so that a colon further on doesn't make them one."""

LOCATION: Final = re.compile(
    r"https?://(?:maps\.google\.|(?:www\.)?google\.[a-z.]+/maps|maps\.apple\.|foursquare\.com/v)"
)
LIVE_LOCATION: Final = re.compile(
    r"live location|live-standort|ubicación en tiempo real|localisation en direct|posizione (?:in tempo reale"
    r"|attuale)"
    r"|localização (?:em tempo real|atual)|live locatie|canlı konum|геоданные|геолокаци"
)
UNAVAILABLE: Final = re.compile(
    r"waiting for this message|this message can't be displayed|warte auf diese nachricht|view once|einmalansicht"
    r"|esperando este mensaje|en attente de ce message|aguardando mensagem|in attesa del messaggio"
    r"|wachten op dit bericht"
)
"""A message whose content the exporting phone did not have, or may show once only."""
