using System.Globalization;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Operations.Erasures;

namespace FhirCarePlan.Server.Commands;

/// <summary>`erase Patient/x` removes a person for good. `erase --untouched-since 2005-01-01` removes all persons about whom nothing was written
/// since. The operator runs it, once the parties that answer for the record have decided it; it removes the parts of every party. The server
/// may run meanwhile. src/docs/operations.md#erasing-a-person</summary>
public static class EraseCommand
{
    /// <param name="IsTrial">Says what would go, and erases nothing.</param>
    public sealed record Asked(string? Patient, string? UntouchedSince, string? OrderedBy, bool IsTrial);

    /// <returns>0 when it is done, 1 when there is no such person, 2 when it could not be done.</returns>
    public static int Run(Asked asked, string[] settings) => StoreCommand.Guard(() =>
    {
        if (Fault(asked) is { } fault) throw new InvalidDataException(fault);
        var app = Startup.Build([.. settings, "--Samples:Load=false"]);
        try
        {
            Services.Prepare(app.Services, CancellationToken.None).GetAwaiter().GetResult();
            var engine = app.Services.GetRequiredService<Engine>();
            if (asked.Patient is { } patient) return One(asked, new Erasing(engine), patient);
            if (Day(asked) is not { } since || since >= engine.Clock.GetUtcNow()) throw new InvalidDataException($"{asked.UntouchedSince} is not in the past: that would be everybody");
            return AllSince(asked, new Erasing(engine), since);
        }
        finally
        {
            app.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    });

    private static string? Fault(Asked asked)
    {
        if (asked.Patient is null == asked.UntouchedSince is null) return "Say whom: `erase Patient/x`, or `erase --untouched-since 2005-01-01`";
        if (asked.Patient is { } patient && !(Reference.TryKey(patient, out var type, out _) && type == "Patient")) return $"`{patient}` is not `Patient/` and an id";
        if (asked.UntouchedSince is { } since && Day(asked) is null) return $"`{since}` is not a day: write it as 2005-01-01";
        return !asked.IsTrial && string.IsNullOrWhiteSpace(asked.OrderedBy) ? "Say who ordered it, for the ledger: `--by \"Petra Holloway, records manager\"`; or `--dry-run`" : null;
    }

    private static DateTimeOffset? Day(Asked asked) => DateTimeOffset.TryParseExact(asked.UntouchedSince, "yyyy-MM-dd", CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal, out var day) ? day : null;

    private static int AllSince(Asked asked, Erasing erasing, DateTimeOffset since)
    {
        var all = erasing.Untouched(since).ToList();
        foreach (var one in all) One(asked, erasing, one);
        Console.WriteLine($"{all.Count} {(all.Count == 1 ? "person" : "persons")} about whom nothing was written since {asked.UntouchedSince}");
        return StoreCommand.Done;
    }

    private static int One(Asked asked, Erasing erasing, string patient)
    {
        var gone = asked.IsTrial ? erasing.Look(patient) : erasing.Erase(patient, new Order(asked.OrderedBy!), CancellationToken.None).GetAwaiter().GetResult();
        if (gone is null)
        {
            Console.Error.WriteLine($"There is no {patient}");
            return StoreCommand.Faulty;
        }
        Console.WriteLine($"{patient}: {gone.Resources} resources held by {string.Join(", ", gone.Holders)} {(asked.IsTrial ? "would be erased" : "were erased")}");
        if (gone.NamedBy.Count > 0)
            Console.WriteLine($"  Still {(gone.NamedBy.Count == 1 ? "refers" : "refer")} to them, and may say a name: {string.Join(", ", gone.NamedBy)}. Change {(gone.NamedBy.Count == 1 ? "it" : "them")} as their holder");
        return StoreCommand.Done;
    }
}
