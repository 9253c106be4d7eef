namespace FhirCarePlan.Sharing;

/// <summary>Reads NAME.signatures.yaml: party, name, role, on, hash. Anybody who can write both files can sign for all, so this is evidence
/// between people who trust the folder, and is not called sign-off.</summary>
internal static class SignatureReader
{
    public static IReadOnlyList<Signature> Read(byte[] bytes, Protocol protocol, ProtocolReport report)
    {
        if (ProtocolFile.TextOf(bytes, report) is not { } text || ProtocolReader.Parse(text, report) is not { } root) return [];
        var map = new YamlMap(root, "signatures", report);
        if (map.Text("protocol") is { } id && id != protocol.Id)
            report.Error("signatures", map.LineOf("protocol"), $"These are signatures of `{id}`; the protocol is `{protocol.Id}`.",
                "Put the right file beside it.");
        var signatures = new List<Signature>();
        foreach (var item in map.Maps("signatures", "signature"))
        {
            if (!item.Has("on")) item.Missing("on");
            var signature = new Signature(item.Required("party"), item.Required("name"), item.Required("role"), item.Date("on")
                ?? DateOnly.MaxValue, item.Required("hash"), item.Line);
            if (protocol.Party(signature.Party) is null)
                report.Error("signatures", item.LineOf("party"), $"`{signature.Party}` is not a party.", "Name a party of the protocol.");
            else if (signature.Hash != protocol.Hash)
                report.Warning("signatures", item.LineOf("hash"),
                    $"`{signature.Party}` signed another text: `{signature.Hash}`; this one is `{protocol.Hash}`.",
                    "Have this exact file signed.");
            signatures.Add(signature);
        }
        return signatures;
    }
}
