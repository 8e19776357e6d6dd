"""The JSON Schema of a scenario file, for editors that complete and check as one types."""

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from reelmock.scenarios.shapes import ScenarioWords

_SECOND = "The same as {word}."


class _Generator(GenerateJsonSchema):
    """What may be left out may not be empty, and dashes may be underscores."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        made = super().model_schema(schema)
        properties = made.get("properties", {})
        for word in [word for word in properties if "-" in word]:
            second = properties[word] | {"description": _SECOND.format(word=word)}
            properties[word.replace("-", "_")] = second
        return made


def json_schema() -> dict[str, Any]:
    """The schema, in the draft of 2020-12."""
    made = ScenarioWords.model_json_schema(schema_generator=_Generator)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **made,
        "title": "A scenario of Reelmock",
    }
