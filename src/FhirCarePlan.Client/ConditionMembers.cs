using Hl7.Fhir.Model;

namespace FhirCarePlan.Client;

/// <summary>The extensions of the profile CPA-Need as members of a Condition.</summary>
public static class ConditionMembers
{
    extension(Condition condition)
    {
        /// <summary>True for a need, false for a diagnosis or another problem.</summary>
        public bool IsNeed => condition.Category.Exists(c => Cpa.CodeOf(c, "ConditionCategory") == "need");

        public NeedDomain? NeedDomain
        {
            get => NeedDomains.Parse(Cpa.CodeOf(Cpa.Find(condition, "NeedDomain")?.Value, "NeedDomain"));
            set => Cpa.SetValue(condition, "NeedDomain", value is { } domain ? Cpa.Concept("NeedDomain", domain.Code) : null);
        }

        /// <summary>A code of CPA-NeedStatus: `met`, `partly-met`, `unmet`, `declined`.</summary>
        public string? NeedStatus
        {
            get => Cpa.CodeOf(Cpa.Find(condition, "NeedStatus")?.Value, "NeedStatus");
            set => Cpa.SetValue(condition, "NeedStatus", value is { } status ? Cpa.Concept("NeedStatus", status) : null);
        }
    }

    extension(IEnumerable<Condition> conditions)
    {
        /// <summary>The needs among them by domain; those without one that is known here are left out.</summary>
        public ILookup<NeedDomain, Condition> NeedsByDomain() =>
            conditions.Where(c => c.IsNeed && c.NeedDomain is not null).ToLookup(c => c.NeedDomain!.Value);
    }
}
