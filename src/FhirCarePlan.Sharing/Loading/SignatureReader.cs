namespace FhirCarePlan.Sharing;

/// <summary>Reads NAME.signatures.yaml: party, name, role, on, hash. Anybody who can write both files can sign for all, so this is evidence
/// between people who trust the folder, and is not called sign-off.</summary>
internal static class SignatureReader
{
    public static IReadOnlyList<Signature> Read(byte[] bytes, Protocol protocol, ProtocolReport report)
    {
        if (ProtocolFile.TextOf(bytes, report) is not { } text || YamlText.Parse(text, report) is not { } root) return [];
        var map = new YamlMap(root, "signatures", report);
        if (map.Text("protocol") is { } id && id != protocol.Id)
            report.ErrorAt("signature-protocol", map.PlaceOf("protocol"),
                $"These are signatures of `{id}`; the protocol is `{protocol.Id}`.",
                "Put the right file beside it.");
        var signatures = new List<Signature>();
        foreach (var item in map.Maps("signatures", "signature"))
        {
            if (!item.Has("on")) item.Missing("on");
            var signature = new Signature(item.Required("party"), item.Required("name"), item.Required("role"), item.Date("on")
                ?? DateOnly.MaxValue, item.Required("hash"), item.Line);
            Check(signature, item, signatures, protocol, report);
            signatures.Add(signature);
        }
        return signatures;
    }

    private static void Check(Signature signature, YamlMap item, List<Signature> before, Protocol protocol, ProtocolReport report)
    {
        if (signature.Party.Length == 0) return;
        if (protocol.Party(signature.Party) is not { } party)
        {
            report.ErrorAt("signature-party", item.PlaceOf("party"), $"`{signature.Party}` is not a party.",
                "Name a party of the protocol.");
            return;
        }
        if (!party.IsSignatory)
            report.Warning("signature-unneeded", item.Line, $"`{signature.Party}` signs nothing.",
                "Take it out, or make the party a signatory.", signature.Party);
        if (signature.Hash != protocol.Hash)
            report.Warning("signatures", item.Line,
                $"`{signature.Party}` signed another text: `{signature.Hash}`; this one is `{protocol.Hash}`.",
                "Have this exact file signed.", signature.Hash);
        else if (before.Any(b => b.Party == signature.Party && b.Hash == protocol.Hash))
            report.Warning("repeated-signature", item.Line, $"`{signature.Party}` has signed this text before.", "Keep the first.",
                signature.Party);
        else if (signature.On > report.Today && signature.On != DateOnly.MaxValue)
            report.Warning("signature-date", item.Line,
                $"`{signature.Party}` has dated its signature {signature.On:yyyy-MM-dd}, which is still to come.",
                "It counts from that day on.", "on");
    }
}
