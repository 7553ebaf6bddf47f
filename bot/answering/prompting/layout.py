"""What a model is given for a question: how the prompt opens, what was said before, and how much room each has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.answering.prompting import prompt
from bot.answering.prompting.evidence import Evidence
from bot.answering.prompting.examples import EXAMPLES_TEXT
from bot.answering.prompting.prompt import Ask, Budget, History
from bot.answering.recalling.followups import with_replied
from bot.answering.recalling.recaller import Recalled
from bot.answering.records import AnswerOptions, Question
from bot.answering.untrusted_text import cut
from bot.models import LanguageModel, Prompt, Turn
from memory import Passage, Recollection


class Layout:
    """Lays prompts out for one model, which has each conversation's history begin the same way, to be read once."""

    def __init__(self, model: LanguageModel, options: AnswerOptions) -> None:
        self._model = model
        self._options = options
        self._history = History()

    def lay_out(
        self, recalled: Recalled, fitting: Sequence[Recollection], question: Question, results: Sequence[str]
    ) -> tuple[Prompt, tuple[Evidence, ...]]:
        """Return the prompt of a question, and the memories that the model sees in it."""
        system, options = self._open(question), self._options
        budget = self._share_out(system)
        history = self._make_turns(question, recalled.earlier, budget) if recalled.before else ()
        ask = Ask(with_replied(question.text, question.replied), fitting, history, question.now, results)
        laid_out, evidence = prompt.build(ask, system, options.zone, budget, self._model.count)
        return replace(laid_out, private=bool(question.persona)), evidence

    def talk(self, question: Question, opening: str, earlier: Sequence[Passage]) -> Prompt:
        """Return the prompt of small talk or a task: without memories."""
        system = " ".join([opening, *self._manner(question)])
        budget = self._share_out(system)
        history = self._make_turns(question, earlier, budget)
        asked = cut(question.text, budget.question, self._model.count)
        return Prompt((Turn("system", system), *history, Turn("user", asked)), asked)

    def _make_turns(self, question: Question, earlier: Sequence[Passage], budget: Budget) -> tuple[Turn, ...]:
        if question.conversation_id is None:
            return History().turns(0, earlier, budget.history, self._model.count)
        return self._history.turns(question.conversation_id, earlier, budget.history, self._model.count)

    def _open(self, question: Question) -> str:
        """Return the words that open the prompt: the same for each question of a conversation."""
        return " ".join([self._options.system, *self._manner(question)])

    def _manner(self, question: Question) -> list[str]:
        if not question.persona:
            return []
        return [prompt.MANNER.format(cut(question.persona, prompt.MANNER_TOKENS, self._model.count))]

    def _share_out(self, opening: str) -> Budget:
        options, model = self._options, self._model
        system = model.count(f"{opening}\n\n{prompt.RULES}")
        examples = model.count(EXAMPLES_TEXT)
        return Budget.of(model.context_size, options.sampling.max_tokens, system, options.token_budget, examples)
