namespace FhirCarePlan.Sharing;

/// <summary>May a caller write a type at all? Whoever creates is the holder, and only the holder changes and deletes, so writing is a
/// question of home rules: one for the type and action, and both read and write for every category the type can carry.</summary>
public static class WriteRules
{
    /// <summary>Null when the write is permitted; else the reason of the first category that stands against it, in plain words.
    /// A function of caller, type, action, relationship and labels stored, never of content.</summary>
    public static CategoryReason? Refuses(Broker broker, Caller caller, string action, string type, bool hasPerson, long kinds, DateTimeOffset now)
    {
        var carried = broker.Bits.Of(broker.Protocol.CategoriesOf(type));
        var write = new Question(caller, action, type, true, hasPerson, kinds, ConsentState.None);
        var read = write with { Action = "read" };
        if ((carried & ~(broker.Permitted(write, now) & broker.Permitted(read, now))) == 0) return null;
        return FirstRefused(broker, broker.Decide(write, now), carried) ?? FirstRefused(broker, broker.Decide(read, now), carried);
    }

    private static CategoryReason? FirstRefused(Broker broker, Decision decision, long carried) =>
        decision.Reasons.FirstOrDefault(r => !r.IsPermitted && (broker.Bits.Of(r.Category) & carried) != 0);
}
