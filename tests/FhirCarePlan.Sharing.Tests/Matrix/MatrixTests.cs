using System.Numerics;
using FhirCarePlan.Sharing.Matrix;
using FhirCarePlan.Sharing.Tests.Deciding;

namespace FhirCarePlan.Sharing.Tests.Matrix;

/// <summary>A matrix says of every question what the decision about it says.</summary>
public class MatrixTests
{
    private static readonly DateTimeOffset now = RandomProtocols.Now;

    [Fact]
    public void A_cell_is_the_decision_about_any_question_of_its_desk_and_context()
    {
        var open = 0;
        Parallel.For(0, 120, seed =>
        {
            var random = new RandomProtocols(seed);
            var protocol = random.Protocol();
            var matrix = SharingMatrix.Of(protocol, now);
            var said = new ConsentsSaid(matrix.Protocol);
            for (var i = 0; i < 300; i++)
            {
                // Any tie or several, any role or none, any type; what the person said is one of three.
                var drawn = random.Question();
                if (drawn.Caller is not { Party: { } party, Purpose: { } purpose } caller) continue;
                var consent = (ConsentSaid)random.Random.Next(3);
                var type = random.Random.Next(10) == 0 ? "Flag" : drawn.Type;
                var desk = new Desk(party, caller.Role, purpose, drawn.Action, drawn.IsHome);
                var question = drawn with { Caller = said.CallerOf(desk), Type = type, Consent = said.State(desk, consent) };

                var decided = matrix.Broker.Permitted(question, matrix.Now) & matrix.Broker.Bits.Categories;
                Assert.Equal(decided, Told(matrix, question, consent));
                if (decided != 0) Interlocked.Increment(ref open);
            }
        });
        Assert.InRange(open, 2_000, 36_000);
    }

    /// <summary>What a page refuses to ask is counted without asking it.</summary>
    [Fact]
    public void The_questions_of_a_matrix_are_counted_without_making_it()
    {
        for (var seed = 0; seed < 60; seed += 2)
        {
            Protocol[] both = [new RandomProtocols(seed).Protocol(), new RandomProtocols(seed + 1).Protocol()];
            var scope = new MatrixScope(both);
            Assert.Equal(scope.Desks.Count * scope.Types.Count, MatrixScope.Count(both));
            Assert.True(scope.Desks.Count > 0);
        }
    }

    /// <summary>Several ties open what each of them opens: what the matrix says of single ties is all there is.</summary>
    private static long Told(SharingMatrix matrix, Question question, ConsentSaid consent)
    {
        if (matrix.At(question.Caller.Party!, question.Caller.Role, question.Caller.Purpose!, question.Action, question.IsHome,
            question.Type) is not { } answers) return 0;
        var contexts = !question.HasPerson ? 1UL << Contexts.Nobody : 0;
        for (var tie = 0; tie < Contexts.Ties.Count && question.HasPerson; tie++)
            if (tie == 0 || (question.Kinds & Contexts.Ties[tie].Kind) != 0) contexts |= 1UL << Contexts.Of(tie, consent);
        var open = 0L;
        for (var column = 0; column < matrix.Protocol.Categories.Count; column++)
            if ((answers.Cells[column] & contexts) != 0) open |= matrix.Broker.Bits.Of(matrix.Columns[column]);
        return open;
    }

    [Fact]
    public void Every_tie_has_a_context_and_every_context_a_bit()
    {
        Assert.True(Contexts.Count <= 64);
        Assert.Equal(Relations.ByName.Values.Aggregate(0L, (all, kind) => all | kind),
            Contexts.Ties.Aggregate(0L, (all, tie) => all | tie.Kind));
        Assert.All(Contexts.Ties.Skip(1), tie => Assert.Equal(1, BitOperations.PopCount((ulong)tie.Kind)));
    }
}
