using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Sharing;
using FhirCarePlan.Sharing.Labelling;
using FhirCarePlan.Sharing.Matrix;

namespace FhirCarePlan.Server.Commands.Agreements;

/// <summary>`protocol explain FILE …`: one request, with the clause for each category; with a resource, for each of its elements.</summary>
internal static class ExplainAgreement
{
    public static int Run(string path, TestCase asked, IReadOnlyList<string> ties, string? resource, bool isJson)
    {
        if (AgreementFile.Decisive(path) is not { } protocol) return AgreementFile.NotRead;
        if (Fault(protocol, asked, ties) is { } fault) return Refuse(fault);
        using var document = resource is null ? null : Read(resource);
        if (resource is not null && document is null) return Refuse($"`{resource}` is not a file with one resource as JSON");
        var inForce = TestRun.InForce(protocol);
        var now = TestRun.Within(inForce, AgreementFile.Now);
        var broker = new Broker(inForce, ProtocolBits.InOrder(inForce));
        var question = TestRun.QuestionOf(inForce, asked with
        {
            Relationship = ties.Aggregate(0L, (all, tie) => all | Relations.ByName[tie]),
            Type = document?.Type.Name ?? asked.Type,
        });
        var decision = broker.Decide(question, now);
        var whatIf = document is null
            ? null : WhatIf.Of(broker, new Labeller(inForce, broker.Bits, TimeProvider.System), document, question, now);
        if (isJson) ShellOutput.Json(json => MatrixJson.Write(json, protocol, decision, whatIf));
        else ShellOutput.Text(text => Write(text, decision, whatIf));
        return AgreementFile.Done;
    }

    private static string? Fault(Protocol protocol, TestCase asked, IReadOnlyList<string> ties)
    {
        if (protocol.Party(asked.Party) is null)
            return $"`{asked.Party}` is not a party. Parties: {string.Join(", ", protocol.Parties.Select(p => p.Id))}";
        if (protocol.Purpose(asked.Purpose) is null)
            return $"`{asked.Purpose}` is not a purpose. Purposes: {string.Join(", ", protocol.Purposes.Select(p => p.Id))}";
        return ties.FirstOrDefault(t => !Relations.ByName.ContainsKey(t)) is { } tie
            ? $"`{tie}` is not a tie. Ties: {string.Join(", ", Relations.ByName.Keys)}" : null;
    }

    private static Document? Read(string path) =>
        GivenPath.Find(path, File.Exists) is { } found ? JsonParser.Parse(File.ReadAllBytes(found), new Report()) : null;

    private static int Refuse(string sentence)
    {
        Console.Error.WriteLine(sentence);
        return AgreementFile.NotRead;
    }

    private static void Write(TextWriter text, Decision decision, WhatIf? whatIf)
    {
        foreach (var open in decision.Reasons.GroupBy(r => r.IsPermitted).OrderByDescending(g => g.Key))
        {
            text.WriteLine(open.Key ? "OPEN" : "CLOSED");
            foreach (var reason in open)
                text.WriteLine($"  {reason.Category,-24}{reason.Gate,-5}{string.Join(", ", reason.Rules)}\n      {reason.Plain}"
                    + (reason.Obligations.Count > 0 ? $"\n      Obligations: {string.Join(", ", reason.Obligations)}" : ""));
        }
        if (whatIf is null) return;
        text.WriteLine(whatIf.IsSeen ? $"THIS {whatIf.Type}, element by element" : $"THIS {whatIf.Type} does not exist for the caller");
        foreach (var element in whatIf.Elements)
            text.WriteLine($"  {(element.IsSeen ? "seen    " : "withheld")} {element.Path} "
                + $"[{string.Join(", ", element.Reasons.Select(r => r.Category))}]\n      {element.Why}");
    }
}
