using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Patching;

/// <summary>JSON Patch on a JSON tree. Numbers keep the digits they were written with. https://www.rfc-editor.org/rfc/rfc6902</summary>
public sealed class JsonPatch
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = PatchBudget.Deepest + 10, AllowDuplicateProperties = false };

    private readonly PatchBudget budget;
    private JsonNode? document;
    private int number;

    private JsonPatch(JsonNode? document, PatchBudget budget) => (this.document, this.budget) = (document, budget);

    /// <summary>Null when all operations were done; else the first fault, and the document is of no more use.</summary>
    public static Issue? Apply(ref JsonNode? document, ReadOnlyMemory<byte> patch, PatchBudget budget)
    {
        if (Read(patch) is not JsonArray operations) return PatchFault.Malformed("A JSON Patch is a JSON array of operations (RFC 6902)");
        if (operations.Count > PatchBudget.MostOperations) return PatchFault.TooMany;
        var run = new JsonPatch(document, budget);
        foreach (var operation in operations)
        {
            if (run.Do(operation) is { } fault) return fault;
            run.number++;
        }
        document = run.document;
        return null;
    }

    /// <summary>Null for what is not JSON, or has a name twice in one object.</summary>
    internal static JsonNode? Read(ReadOnlyMemory<byte> json)
    {
        if (!Utf8.IsValid(json.Span)) return null;
        try
        {
            var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = Strict.MaxDepth });
            while (reader.Read())
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped
                    && JsonParse.HasLoneSurrogate(reader.ValueSpan)) return null;
            return JsonNode.Parse(json.Span, null, Strict);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private Issue? Do(JsonNode? given)
    {
        if (given is not JsonObject operation) return Malformed("an operation is a JSON object");
        if (Text(operation, "op") is not { } op) return Malformed("`op` is missing");
        if (Text(operation, "path") is not { } path) return Malformed("`path` is missing");
        if (JsonPointer.Parse(path) is not { } pointer) return Malformed($"{PatchFault.Shown(path)} is not a JSON Pointer; it begins with `/`");
        if (op is "remove") return Remove(pointer, out _);
        if (op is "move" or "copy")
        {
            if (Text(operation, "from") is not { } text) return Malformed("`from` is missing");
            if (JsonPointer.Parse(text) is not { } from) return Malformed($"{PatchFault.Shown(text)} is not a JSON Pointer; it begins with `/`");
            return op == "copy" ? Copy(from, pointer) : Move(from, pointer);
        }
        if (op is not ("add" or "replace" or "test"))
            return Malformed($"{PatchFault.Shown(op)} is not an operation; it must be add, remove, replace, move, copy or test");
        if (!operation.TryGetPropertyValue("value", out var value)) return Malformed("`value` is missing");
        if (op == "test") return Test(pointer, value);
        return Put(pointer, value?.DeepClone(), isReplacement: op == "replace");
    }

    private Issue? Test(JsonPointer pointer, JsonNode? value)
    {
        if (!pointer.TryFind(document, pointer.Parts.Length, out var found)) return Nothing(pointer);
        if (!budget.Spend(Measure(value).Weight + Measure(found).Weight)) return PatchFault.TooCostly(number);
        return JsonNode.DeepEquals(found, value) ? null : Unfit($"the test of {Shown(pointer)} fails: another value is there");
    }

    private Issue? Copy(JsonPointer from, JsonPointer to) => !from.TryFind(document, from.Parts.Length, out var found) ? Nothing(from)
        : !budget.Spend(Measure(found).Weight) ? PatchFault.TooCostly(number) : Put(to, found?.DeepClone(), isReplacement: false);

    private Issue? Move(JsonPointer from, JsonPointer to)
    {
        if (from.IsAbove(to)) return Malformed("`from` must not lie above `path`");
        if (from.Parts.AsSpan().SequenceEqual(to.Parts)) return from.TryFind(document, from.Parts.Length, out _) ? null : Nothing(from);
        return Remove(from, out var moved) ?? Put(to, moved, isReplacement: false);
    }

    private Issue? Remove(JsonPointer pointer, out JsonNode? removed)
    {
        if (!pointer.TryFind(document, pointer.Parts.Length, out removed)) return Nothing(pointer);
        if (pointer.IsRoot) return Unfit("the whole resource cannot be removed; delete it instead");
        pointer.TryFind(document, pointer.Parts.Length - 1, out var parent);
        if (parent is JsonObject members) members.Remove(pointer.Last);
        else
        {
            var items = (JsonArray)parent!;
            items.RemoveAt(JsonPointer.Index(pointer.Last, items.Count - 1)!.Value);
            if (!budget.Spend(items.Count)) return PatchFault.TooCostly(number);
        }
        return null;
    }

    /// <param name="value">Belongs to no tree yet.</param>
    private Issue? Put(JsonPointer pointer, JsonNode? value, bool isReplacement)
    {
        var (weight, depth) = Measure(value);
        if (!budget.Spend(weight)) return PatchFault.TooCostly(number);
        if (pointer.Parts.Length + depth > PatchBudget.Deepest) return PatchFault.TooDeep(number);
        if (pointer.IsRoot)
        {
            document = value;
            return null;
        }
        if (!pointer.TryFind(document, pointer.Parts.Length - 1, out var parent)) return Nothing(pointer);
        if (parent is JsonObject members)
        {
            if (isReplacement && !members.ContainsKey(pointer.Last)) return Nothing(pointer);
            members[pointer.Last] = value;
            return null;
        }
        if (parent is not JsonArray items) return Nothing(pointer);
        if (!budget.Spend(items.Count)) return PatchFault.TooCostly(number);
        if (!isReplacement && pointer.Last == "-") items.Add(value);
        else if (JsonPointer.Index(pointer.Last, isReplacement ? items.Count - 1 : items.Count) is not { } at) return Nothing(pointer);
        else if (isReplacement) items[at] = value;
        else items.Insert(at, value);
        return null;
    }

    /// <summary>Bytes, about, and levels: 0 for a value.</summary>
    private static (long Weight, int Depth) Measure(JsonNode? node)
    {
        var (weight, depth) = ((long)PatchBudget.Node, 0);
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, child) in members) Add(name.Length, child);
                return (weight, depth + 1);
            case JsonArray items:
                foreach (var child in items) Add(0, child);
                return (weight, depth + 1);
            case JsonValue value when value.TryGetValue(out JsonElement element): return (weight + JsonMarshal.GetRawUtf8Value(element).Length, 0);
            default: return (weight, 0);
        }

        void Add(int name, JsonNode? child)
        {
            var (more, below) = Measure(child);
            weight += name + more;
            depth = Math.Max(depth, below);
        }
    }

    private static string? Text(JsonObject operation, string member) =>
        operation[member] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    private Issue Malformed(string text) => PatchFault.Malformed(number, text);
    private Issue Unfit(string text) => PatchFault.Unfit(number, text);
    private Issue Nothing(JsonPointer pointer) => Unfit($"{Shown(pointer)} leads to nothing");
    private static string Shown(JsonPointer pointer) => PatchFault.Shown(string.Concat(pointer.Parts.Select(p => $"/{p}")));
}
