using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Care;

/// <summary>X18: a finished review under which CPA continues reaches the care plan in the same transaction: its date, and the date of the
/// next one (M19). The rule binds when the writer's party holds an active plan of the person; for another party's plan it is a warning. A
/// review older than the plan's last one changes nothing.</summary>
public sealed class ReviewReachesPlan : ICareRule
{
    public string Id => "X18";
    public IReadOnlyList<string> Reads => ["care-plan-summary"];

    public void Check(Written written, ICase around, Report report)
    {
        if (!IsFinished(written.Root, out var outcome) || Cpa.Day(Cpa.Part(outcome, "nextReviewDate"), around.Zone) is not { } next) return;
        if (IsFinished(written.Old, out var before) && Cpa.Day(Cpa.Part(before, "nextReviewDate"), around.Zone) == next) return;
        var period = written.Root["period"];
        var day = Cpa.Day(period["start"], around.Zone) ?? Cpa.Day(period["end"], around.Zone) ?? around.Today;
        foreach (var plan in around.All(written.Person, "CarePlan"))
        {
            if (!Cpa.IsActivePlan(plan.Document.Root) || !around.IsWhole(plan.Document.Root)) continue;
            var arrangements = Cpa.Extension(plan.Document.Root, "ReviewArrangements");
            var last = Cpa.Day(Cpa.Part(arrangements, "lastReviewDate"), around.Zone);
            if (last > day && !IsThis(arrangements, written.Reference)) continue;
            if ((last == day || IsThis(arrangements, written.Reference)) && Cpa.Day(Cpa.Part(arrangements, "nextReviewDate"), around.Zone) == next) continue;
            var text = $"The care plan must show this review: in the same transaction, set its ReviewArrangements to lastReviewDate `{day:yyyy-MM-dd}` and nextReviewDate `{next:yyyy-MM-dd}`";
            if (plan.IsOurs) report.Error(IssueType.BusinessRule, outcome, Id, text);
            else report.Warning(IssueType.BusinessRule, outcome, Id, $"{text}. Another party holds the plan: ask it to do so");
        }
    }

    private static bool IsThis(Node arrangements, string review) => Reference.Of(Cpa.Part(arrangements, "lastReview")).Local == review;

    private static bool IsFinished(Node encounter, out Node outcome)
    {
        outcome = Node.Missing;
        if (encounter.IsMissing || encounter.Type.Name != "Encounter" || encounter.TextOf("status") != "finished") return false;
        outcome = Cpa.Extension(encounter, "ReviewOutcome");
        return !outcome.IsMissing && Cpa.Part(outcome, "episodeContinues") is { IsMissing: false } goesOn && goesOn.ValueEquals("true"u8);
    }
}
