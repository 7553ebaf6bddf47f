from __future__ import annotations

import contextlib
import itertools
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import FileUnreadable
from bot.reading.child import in_child
from bot.reading.child_limits import ChildLimits
from bot.reading.pieces import About, Piece, Progress, ReadItem
from plugins.audio import decoding
from plugins.audio.decoding import open_sound
from plugins.audio.reader import AudioOptions, access_of, read_audio
from plugins.audio.transcribing import Hearing
from tests.speech_sounds import KINDS, RATE, Kind, silence, voice, write_sound
from tests.whisper_files import HIGH_TEXT, LOW_TEXT

LOSSLESS = KINDS["flac"]
HELLO = np.concatenate([silence(3), voice(4), silence(1)])
WHOLE = KINDS["ogg/opus"]


def read(path: Path, whisper: Path, **more: float) -> list[ReadItem]:
    return list(read_audio(path, AudioOptions(Hearing(whisper, threads=1, beam_size=1), **more)))


def pieces(items: list[ReadItem]) -> list[tuple[str | None, str]]:
    return [(item.locator, item.text) for item in items if isinstance(item, Piece)]


def notes(items: list[ReadItem]) -> list[str]:
    return [note for item in items if isinstance(item, About) for note in item.notes]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_what_is_said_is_heard_in_every_kind_of_file(kind: Kind, whisper: Path, tmp_path: Path) -> None:
    file = write_sound(tmp_path / f"note.{kind.ending}", HELLO, kind)
    items = read(file, whisper)
    ((locator, text),) = pieces(items)
    assert text in {LOW_TEXT, HIGH_TEXT}
    assert locator in {"0:02", "0:03"}
    assert notes(items) == []


def test_the_language_is_found_out_and_told(whisper: Path, tmp_path: Path) -> None:
    for high, language, text in ((False, "en", LOW_TEXT), (True, "de", HIGH_TEXT)):
        file = write_sound(tmp_path / f"{language}.flac", voice(6, high=high), LOSSLESS)
        items = read(file, whisper)
        assert [said for _, said in pieces(items)] == [text]
        assert [item.language for item in items if isinstance(item, About)] == [language]


def test_the_language_of_the_settings_is_taken_at_its_word(whisper: Path, tmp_path: Path) -> None:
    file = write_sound(tmp_path / "low.flac", voice(6), LOSSLESS)
    items = list(read_audio(file, AudioOptions(Hearing(whisper, language="de"))))
    assert [item.language for item in items if isinstance(item, About)] == ["de"]


def test_each_passage_says_when_it_begins_however_long_the_silence_before_it(whisper: Path, tmp_path: Path) -> None:
    sounds = [silence(100), voice(4), silence(560), voice(4)]
    file = write_sound(tmp_path / "talk.wav", np.concatenate(sounds), Kind("wav", "pcm_s16le", RATE))
    found = [locator for locator, _ in pieces(read(file, whisper))]
    assert found in (["1:39", "11:03"], ["1:39", "11:04"])


def test_progress_is_told_in_seconds_and_only_grows(whisper: Path, tmp_path: Path) -> None:
    file = write_sound(tmp_path / "talk.ogg", np.concatenate([voice(40), silence(20)]), WHOLE)
    told = [item for item in read(file, whisper) if isinstance(item, Progress)]
    assert {each.unit for each in told} == {"seconds"}
    assert [each.done for each in told] == sorted(each.done for each in told)
    assert (told[-1].done, told[-1].total) == (60, 60)
    assert len(told) > 2


def test_title_artist_and_time_of_recording_are_kept(whisper: Path, tmp_path: Path) -> None:
    labels = {"title": "Where the key is", "artist": "Ann", "creation_time": "2024-05-03T12:00:00Z"}
    file = write_sound(tmp_path / "talk.m4a", HELLO, KINDS["m4a/aac"], labels)
    about = next(item for item in read(file, whisper) if isinstance(item, About))
    assert (about.title, about.author) == ("Where the key is", "Ann")
    assert about.created_at == datetime(2024, 5, 3, 12, tzinfo=UTC)


def test_a_year_alone_is_no_time_of_recording(tmp_path: Path) -> None:
    file = write_sound(tmp_path / "song.mp3", silence(1), KINDS["mp3"], {"date": "1997"})
    with open_sound(file) as sound:
        assert sound.labels.created_at is None


def test_silence_holds_no_speech_and_no_model_is_loaded_for_it(tmp_path: Path) -> None:
    file = write_sound(tmp_path / "quiet.ogg", silence(30), WHOLE)
    with pytest.raises(FileUnreadable, match=r"There is no speech in quiet\.ogg\."):
        read(file, tmp_path / "no-model")


def test_a_tone_is_no_speech(tmp_path: Path) -> None:
    tone = 0.5 * np.sin(np.arange(20 * RATE) * (2 * np.pi * 440 / RATE)).astype(np.float32)
    file = write_sound(tmp_path / "tone.flac", tone, LOSSLESS)
    with pytest.raises(FileUnreadable, match="There is no speech in tone"):
        read(file, tmp_path / "no-model")


def test_hours_of_silence_end_at_the_cap_with_a_sentence(tmp_path: Path) -> None:
    file = write_sound(tmp_path / "bomb.flac", silence(1800), Kind("flac", "flac", 8_000))
    assert file.stat().st_size < 400_000
    with pytest.raises(
        FileUnreadable, match=r"no speech in bomb\.flac\. Only the first 10:00 of it were listened to\."
    ):
        read(file, tmp_path / "no-model", most_seconds=600)


def test_what_goes_beyond_the_cap_is_not_heard_and_it_is_said_so(whisper: Path, tmp_path: Path) -> None:
    file = write_sound(tmp_path / "talk.ogg", np.concatenate([voice(10), silence(60), voice(10)]), WHOLE)
    items = read(file, whisper, most_seconds=30)
    assert len(pieces(items)) == 1
    assert notes(items) == ["Only the first 0:30 of it were listened to."]
    assert [item.done for item in items if isinstance(item, Progress)][-1] == 30


def test_a_file_that_was_cut_short_is_read_as_far_as_it_goes(whisper: Path, tmp_path: Path) -> None:
    whole = write_sound(tmp_path / "whole.wav", np.concatenate([voice(6), silence(24)]), KINDS["wav"])
    cut = tmp_path / "cut.wav"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    assert [text for _, text in pieces(read(cut, whisper))] == [LOW_TEXT]


def test_damage_in_the_middle_is_told_and_the_rest_is_heard(whisper: Path, tmp_path: Path) -> None:
    sound = np.concatenate([voice(4), silence(30), voice(4)])
    data = bytearray(write_sound(tmp_path / "whole.ogg", sound, WHOLE).read_bytes())
    third = len(data) // 3
    data[third : 2 * third] = bytes(third)
    file = tmp_path / "damaged.ogg"
    file.write_bytes(data)
    items = read(file, whisper)
    assert pieces(items)
    assert len(notes(items)) == 1
    assert notes(items)[0].startswith("It is damaged: ")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("empty.ogg", b"", r"empty\.ogg is empty\."),
        ("text.mp3", b"This is no sound, but a text that says it is.\n" * 100, r"text\.mp3 is not a sound file"),
        ("noise.m4a", bytes(np.random.default_rng(3).integers(0, 256, 50_000, np.uint8)), r"noise\.m4a"),
        ("head.wav", b"RIFF\x24\x00\x00\x00WAVE", r"head\.wav"),
        ("head.ogg", b"OggS" + bytes(200), r"head\.ogg"),
    ],
)
def test_what_is_no_sound_is_refused_with_its_name(name: str, content: bytes, told: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(FileUnreadable, match=told):
        read(file, tmp_path)


def test_an_mp4_without_its_index_is_refused(whisper: Path, tmp_path: Path) -> None:
    whole = write_sound(tmp_path / "whole.mp4", HELLO, KINDS["mp4"])
    file = tmp_path / "cut.mp4"
    file.write_bytes(whole.read_bytes()[:-2000])
    with pytest.raises(FileUnreadable, match="is not a sound file that I know, or it is damaged"):
        read(file, whisper)


def test_a_playlist_opens_no_other_file(whisper: Path, tmp_path: Path) -> None:
    write_sound(tmp_path / "secret.mp3", HELLO, KINDS["mp3"])
    lists = {
        "list.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:8,\nsecret.mp3\n#EXT-X-ENDLIST\n",
        "list.mp3": "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:8,\nsecret.mp3\n#EXT-X-ENDLIST\n",
        "list.wav": "ffconcat version 1.0\nfile secret.mp3\n",
    }
    for name, content in lists.items():
        (tmp_path / name).write_text(content)
        with pytest.raises(FileUnreadable, match="is not a sound file that I know"):
            read(tmp_path / name, whisper)


def test_a_video_without_a_sound_track_is_told(tmp_path: Path) -> None:
    import av  # noqa: PLC0415 (only this test writes such a file)

    file = tmp_path / "mute.mp4"
    with av.open(str(file), "w") as container:
        stream = container.add_stream("mpeg4", rate=1)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for _ in range(3):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")))
        container.mux(stream.encode(None))
    with pytest.raises(FileUnreadable, match=r"There is no sound in mute\.mp4\."):
        read(file, tmp_path)


def test_a_damaged_model_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "whisper-broken"
    folder.mkdir()
    (folder / "model.bin").write_bytes(b"no model")
    (folder / "config.json").write_text("{}")
    file = write_sound(tmp_path / "note.flac", HELLO, LOSSLESS)
    with pytest.raises(FileUnreadable, match="The Whisper model whisper-broken can't be used"):
        read(file, folder)


def test_a_language_that_whisper_does_not_know_is_told(whisper: Path, tmp_path: Path) -> None:
    file = write_sound(tmp_path / "note.flac", HELLO, LOSSLESS)
    with pytest.raises(FileUnreadable, match="whisper-two-voices can't be used: 'xx' is not a valid language code"):
        list(read_audio(file, AudioOptions(Hearing(whisper, language="xx"))))


def test_stretches_are_cut_where_it_is_quiet_and_nothing_is_lost(tmp_path: Path) -> None:
    sound = np.tile(np.concatenate([voice(8), silence(2)]), 130)
    file = write_sound(tmp_path / "long.wav", sound, Kind("wav", "pcm_s16le", RATE))
    with open_sound(file) as opened:
        stretches = list(opened.stretches(36_000))
    assert len(stretches) == 3
    assert sum(len(samples) for _, samples in stretches) == len(sound)
    for (begin, samples), (following, _) in itertools.pairwise(stretches):
        assert begin + len(samples) / RATE == pytest.approx(following)
        assert np.abs(samples[-1000:]).max() < 0.001
        assert len(samples) <= (decoding.STRETCH_SECONDS + 30) * RATE


async def test_it_reads_in_a_child_process(whisper: Path, tmp_path: Path) -> None:
    file = write_sound(tmp_path / "note.ogg", HELLO, WHOLE)
    options = AudioOptions(Hearing(whisper, threads=1, beam_size=1))
    items = [item async for item in in_child(read_audio, file, options, None, access_of(options))]
    assert len(pieces(items)) == 1


async def test_a_reader_that_wants_more_memory_than_it_may_have_is_ended_with_a_sentence(
    whisper: Path, tmp_path: Path
) -> None:
    file = write_sound(tmp_path / "note.ogg", HELLO, WHOLE)
    options = AudioOptions(Hearing(whisper, threads=1, beam_size=1))
    with pytest.raises(FileUnreadable, match=r"note\.ogg can't be read: .*(memory|crashed)"):
        _ = [i async for i in in_child(read_audio, file, options, ChildLimits(memory_mb=64), access_of(options))]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused_and_nothing_else(whisper: Path, tmp_path: Path, data: st.DataObject) -> None:
    kind = KINDS[data.draw(st.sampled_from(sorted(KINDS)))]
    whole = tmp_path / f"fuzz-{kind.ending}-{kind.codec}"
    if not whole.exists():
        written = write_sound(tmp_path / f"fuzz.{kind.ending}", np.concatenate([silence(0.5), voice(1)]), kind)
        written.rename(whole)
    content = bytearray(whole.read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(content) - 1))
        size = data.draw(st.sampled_from([1, 1, 2, 4, 64, 1000]))
        match data.draw(st.sampled_from(["change", "cut", "double", "end"])):
            case "change":
                content[at : at + size] = data.draw(st.binary(min_size=size, max_size=size))
            case "cut":
                del content[at : at + size]
            case "double":
                content[at:at] = content[at : at + size]
            case "end":
                del content[max(at, 1) :]
        content = content or bytearray(b"x")
    file = tmp_path / f"mutated.{kind.ending}"
    file.write_bytes(content)
    with contextlib.suppress(FileUnreadable):
        read(file, whisper, most_seconds=60)
