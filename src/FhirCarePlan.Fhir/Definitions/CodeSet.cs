using System.Text;
using System.Text.Json;

namespace FhirCarePlan.Fhir.Definitions;

/// <summary>A value set or code system as lists of codes by system, and the systems whose other codes it cannot decide.</summary>
internal sealed class CodeSet(string canonical, (byte[] System, CodeList Codes)[] lists, byte[][] open) : ICodes
{
    private const int ForMessages = 12;
    private const int OnStack = 256;

    public string Canonical => canonical;

    public IReadOnlyList<string> Some { get; } = open.Length > 0 ? [] : [.. lists.SelectMany(l => l.Codes.All).Take(ForMessages)];

    public IReadOnlyList<string>? All => open.Length > 0 ? null : [.. lists.SelectMany(l => l.Codes.All)];

    public string? OnlySystem => open.Length == 0 && lists is [var (system, _)] ? Encoding.UTF8.GetString(system) : null;

    /// <summary>For a code system: the codes of a value set that includes all of it.</summary>
    public CodeList Selectable => lists[0].Codes;

    public bool? Contains(string? system, string code)
    {
        if (system is { Length: > OnStack } || code.Length > OnStack) return Contains(Encoding.UTF8.GetBytes(system ?? ""), Encoding.UTF8.GetBytes(code));
        Span<byte> bytes = stackalloc byte[2 * 3 * OnStack];
        var systemLength = Encoding.UTF8.GetBytes(system, bytes);
        var codeLength = Encoding.UTF8.GetBytes(code, bytes[systemLength..]);
        return Contains(bytes[..systemLength], bytes.Slice(systemLength, codeLength));
    }

    public bool? Contains(ReadOnlySpan<byte> system, ReadOnlySpan<byte> code)
    {
        foreach (var (listed, codes) in lists)
            if ((system.IsEmpty || system.SequenceEqual(listed)) && codes.Contains(code)) return true;
        foreach (var undecided in open)
            if ((system.IsEmpty || undecided is [(byte)'*'] || system.SequenceEqual(undecided)) && !CodeGrammar.Refuses(undecided, code)) return null;
        return false;
    }

    /// <summary>`{"set":…,"all":[system…],"some":{system:[code…]},"open":[system…]}`, or `{"codes":…,"list":[code…],"abstract":[code…],"open":[…]}`,
    /// where the abstract codes are members of the code system, but not of value sets that take it whole.</summary>
    public static CodeSet Read(string canonical, FactLine line, Func<string, CodeList> codesOf)
    {
        var json = new Utf8JsonReader(line.Text);
        var lists = new List<(byte[], CodeList)>();
        var open = new List<byte[]>();
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var property = json.GetString();
            json.Read();
            switch (property)
            {
                case "all":
                    while (json.Read() && json.TokenType == JsonTokenType.String) lists.Add((json.ValueSpan.ToArray(), codesOf(json.GetString()!)));
                    break;
                case "some":
                    while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
                    {
                        var system = json.ValueSpan.ToArray();
                        json.Read();
                        lists.Add((system, CodeList.Read(ref json)));
                    }
                    break;
                case "list" or "abstract":
                    lists.Add((Encoding.UTF8.GetBytes(canonical), CodeList.Read(ref json)));
                    break;
                case "open":
                    while (json.Read() && json.TokenType == JsonTokenType.String) open.Add(json.ValueSpan.ToArray());
                    break;
            }
        }
        return new CodeSet(canonical, [.. lists], [.. open]);
    }
}
