using System.Numerics;
using Holdfast.Engine.Constraints;
using Holdfast.Engine.Tokenizing;

namespace Holdfast.Tests.Engine.Constraints;

/// <summary>A model that picks any allowed token, and after some steps those that end things.</summary>
internal static class ConstraintWalk
{
    public static string Run(TokenConstraint constraint, VocabularyMasks masks, Random random, int freeSteps = 60)
    {
        var state = constraint.Start;
        var mask = new ulong[constraint.MaskWords];
        var ids = new List<int>();
        for (var step = 0; step < 5000; step++)
        {
            constraint.Mask(state, mask);
            var allowed = Bits(mask);
            Assert.True(allowed.Count > 0, $"nothing may follow {Detokenizer.Decode(masks.Tokenizer.Vocabulary, ids)}");
            var token = step < freeSteps ? allowed[random.Next(allowed.Count)] : Ending(allowed, masks, random);
            state = constraint.Advance(state, token)!;
            Assert.True(state is not null, $"the mask allows token {token} and Advance does not, after {Detokenizer.Decode(masks.Tokenizer.Vocabulary, ids)}");
            if (state.IsEnded)
            {
                return Detokenizer.Decode(masks.Tokenizer.Vocabulary, ids);
            }

            ids.Add(token);
        }

        Assert.Fail($"no end: {Detokenizer.Decode(masks.Tokenizer.Vocabulary, ids)[..200]}");
        return "";
    }

    /// <summary>Whether a text is a whole value.</summary>
    public static bool Accepts(TokenConstraint constraint, VocabularyMasks masks, string text)
    {
        ConstraintState? state = constraint.Start;
        foreach (var id in masks.Tokenizer.Encode(text, allowSpecial: false))
        {
            state = state is null ? null : constraint.Advance(state, id);
        }

        return state is not null && constraint.IsComplete(state);
    }

    public static List<int> Bits(ulong[] mask)
    {
        var bits = new List<int>();
        for (var word = 0; word < mask.Length; word++)
        {
            for (var rest = mask[word]; rest != 0; rest &= rest - 1)
            {
                bits.Add((word * 64) + BitOperations.TrailingZeroCount(rest));
            }
        }

        return bits;
    }

    /// <summary>Compares the masks of a random walk with trying every token.</summary>
    public static void AssertExact(TokenConstraint constraint, VocabularyMasks masks, Random random, int steps, string about)
    {
        var state = constraint.Start;
        var mask = new ulong[constraint.MaskWords];
        for (var step = 0; step < steps && !state.IsEnded; step++)
        {
            constraint.Mask(state, mask);
            for (var id = 0; id < masks.Tokenizer.Vocabulary.Count; id++)
            {
                var isAllowed = (mask[id >> 6] >> (id & 63) & 1) == 1;
                Assert.True(isAllowed == (constraint.Advance(state, id) is not null), $"{about}, step {step}, token {id}");
            }

            var allowed = Bits(mask);
            state = constraint.Advance(state, allowed[random.Next(allowed.Count)])!;
        }
    }

    private static int Ending(List<int> allowed, VocabularyMasks masks, Random random)
    {
        foreach (var id in allowed)
        {
            if (masks.Tokenizer.EndTokens.Contains(id))
            {
                return id;
            }
        }

        // Any one of them: a quote ends a string but also begins a member, a bracket may be just text.
        var signs = "}]\""u8.ToArray().Select(sign => masks.Tokenizer.Vocabulary.Find([sign])).Where(allowed.Contains).ToArray();
        return signs.Length > 0 && random.Next(2) == 0 ? signs[random.Next(signs.Length)] : allowed[random.Next(allowed.Count)];
    }
}
